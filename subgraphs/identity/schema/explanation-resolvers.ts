// The resolvers of an access explanation: the gateway has said which scopes an operation needs, the registry says how the caller stands.
import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { explainSchools, explainScopes } from '../services/explanation.ts'
import { AccessExplanation, SchoolAccessConnection, ScopeExplanation, type SchoolAccess } from './explanation-types.ts'

@Resolver(() => AccessExplanation)
export class AccessExplanationResolver {
  @FieldResolver(() => [ScopeExplanation], {
    description: 'The scopes it needs, by name: of alternatives the one the caller holds, or lacks the least of.',
  })
  @Directive('@listSize(assumedSize: 5)')
  scopes(@Root() { neededScopes }: AccessExplanation, @Ctx() context: SubgraphContext): Promise<ScopeExplanation[]> {
    return explainScopes(context, neededScopes)
  }

  @FieldResolver(() => SchoolAccessConnection, {
    description:
      'The schools that have an agreement with the calling application, or belong to the office of the person, by id, and what is missing at each. Empty if it needs no scope at a school. Errors: LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  schools(
    @Root() { neededScopes }: AccessExplanation,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<SchoolAccess>> {
    return explainSchools(context, neededScopes, page)
  }
}
