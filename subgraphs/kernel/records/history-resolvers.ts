// The history of a kind of record: one field, on each type whose fields it tells.
import { Args, Ctx, Directive, FieldResolver, Resolver, Root, type ClassType } from 'type-graphql'
import { connectionRules, PageArgs, type Connection } from '../connection.ts'
import type { BatchLoad, SchoolKey, SubgraphContext } from '../context.ts'
import { authenticated, fields, type Permissions } from '../permissions.ts'
import { Provenance, PROVENANCE, provenanceBy } from '../provenance.ts'
import { listVersions, type History } from './history-reading.ts'
import { FieldChange, FieldValue, RecordVersion, RecordVersionConnection } from './history-types.ts'

/** The field `history` of a type; its rule is that of the fields it tells. */
export function historyOf(type: ClassType, history: History, more = ''): ClassType {
  @Resolver(() => type)
  class HistoryResolver {
    @FieldResolver(() => RecordVersionConnection, {
      description: `What these fields said and since when (lịch sử thay đổi), the newest version first.${more} Errors: LIST_TOO_LONG, CURSOR_INVALID.`,
    })
    @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
    history(
      @Root() { id, schoolId = id }: { id: string; schoolId?: string },
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() context: SubgraphContext,
    ): Promise<Connection<RecordVersion>> {
      return listVersions(context, history, { schoolId, id }, page)
    }
  }
  return HistoryResolver
}

/** The versions themselves, once a subgraph; own ids are the subgraph's. */
export function recordVersionsBy(ownIds: BatchLoad<SchoolKey, string | null>): ClassType {
  const provenanceOf = provenanceBy(ownIds)

  @Resolver(() => RecordVersion)
  class RecordVersionResolver {
    @FieldResolver(() => [FieldChange], {
      nullable: true,
      description:
        'What it changed of the version before; empty where it changed other fields of the record alone. Null for the first version, and where the one before is not the caller’s to see.',
    })
    @Directive('@listSize(assumedSize: 4)')
    changes(@Root() { changes }: RecordVersion): FieldChange[] | null {
      return changes
    }

    @FieldResolver(() => [FieldValue], { description: 'What every field said.' })
    @Directive('@listSize(assumedSize: 10)')
    fields(@Root() { fields }: RecordVersion): FieldValue[] {
      return fields
    }

    @FieldResolver(() => Provenance, PROVENANCE)
    provenance(@Root() version: RecordVersion, @Ctx() context: SubgraphContext): Promise<Provenance> {
      return provenanceOf(context, version)
    }
  }
  return RecordVersionResolver
}

/** A version tells the fields of the type it is reached through, whose `history` has the rule of those fields: the envelope has none. */
export const historyRules: Permissions = {
  RecordVersion: fields(authenticated, 'version', 'validFrom', 'validTo', 'accountId', 'provenance', 'changes', 'fields'),
  FieldChange: fields(authenticated, 'field', 'before', 'after'),
  FieldValue: fields(authenticated, 'field', 'value'),
  ...connectionRules('RecordVersion'),
}
