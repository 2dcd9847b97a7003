// Sandboxes: arguments in, a service, the tenant out.
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { SubgraphContext } from '../../kernel/context.ts'
import { createSandbox, getSandbox, listSandboxes, resetSandbox } from '../services/sandboxes.ts'
import * as load from '../store/loaders.ts'
import { CreateSandboxInput } from './sandbox-inputs.ts'
import { SandboxAccess, SandboxTenant } from './sandbox-types.ts'
import { Application, School } from './types.ts'

@Resolver(() => SandboxTenant)
export class SandboxTenantResolver {
  @Query(() => [SandboxTenant], { description: 'The sandboxes of the calling developer, oldest first. Errors: ACT_FORBIDDEN.' })
  @Directive('@listSize(assumedSize: 3)')
  sandboxTenants(@Ctx() context: SubgraphContext): Promise<SandboxTenant[]> {
    return listSandboxes(context)
  }

  @Query(() => SandboxTenant, { description: 'One sandbox of the calling developer. Errors: RECORD_NOT_ACCESSIBLE, ACT_FORBIDDEN.' })
  sandboxTenant(
    @Arg('id', () => ID, { description: 'Which sandbox.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<SandboxTenant> {
    return getSandbox(context, id)
  }

  @Mutation(() => SandboxAccess, {
    description: 'Gives the calling developer a sandbox: two synthetic schools, an application with agreements, and its credentials. At most three for an account. Errors: SANDBOX_LIMIT, KEY_INVALID, INPUT_INVALID, ACT_FORBIDDEN.',
  })
  @Directive('@cost(weight: 200)')
  createSandbox(
    @Arg('input', () => CreateSandboxInput, { description: 'What is wished for.' }) input: CreateSandboxInput,
    @Ctx() context: SubgraphContext,
  ): Promise<SandboxAccess> {
    return createSandbox(context, input)
  }

  @Mutation(() => SandboxTenant, {
    description: 'Brings a sandbox to its first state: what was written is gone, the ids are those of the first day. Application, keys and secret stay. Errors: RECORD_NOT_ACCESSIBLE, ACT_FORBIDDEN.',
  })
  @Directive('@cost(weight: 200)')
  resetSandbox(
    @Arg('id', () => ID, { description: 'Which sandbox.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<SandboxTenant> {
    return resetSandbox(context, id)
  }

  @FieldResolver(() => Application, { nullable: true, description: 'Its application; the code is the `client_id`.' })
  application(@Root() { applicationId }: SandboxTenant, @Ctx() context: SubgraphContext): Promise<Application | null> {
    return context.loaders.of(load.applicationById).load(applicationId)
  }

  @FieldResolver(() => [School], { description: 'Its schools.' })
  @Directive('@listSize(assumedSize: 2)')
  schools(@Root() { schoolIds }: SandboxTenant): School[] {
    return schoolIds.map((id) => ({ id }))
  }
}
