// The history of every kind of record of the roster: one field, on each type whose fields it tells.
import { Args, Ctx, Directive, FieldResolver, Resolver, Root, type ClassType } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { PartName } from '../roster/history.ts'
import { listVersions } from '../services/history.ts'
import { HealthRecord } from './consented-types.ts'
import { Campus, Facility } from './facility-types.ts'
import { FieldChange, FieldValue, RecordVersion, RecordVersionConnection } from './history-types.ts'
import { provenanceOf, PROVENANCE } from './provenance.ts'
import { StudentTransfer } from './transfer-types.ts'
import {
  ClassRoom,
  Enrolment,
  Guardian,
  HomeroomAssignment,
  Provenance,
  School,
  Staff,
  Student,
  StudentProfile,
  StudentSensitive,
  TeachingAssignment,
} from './types.ts'

/** Each of these types has its history under the rule of its own fields. */
const TYPES: Readonly<Record<PartName, ClassType>> = {
  School,
  Campus,
  Facility,
  ClassRoom,
  Staff,
  TeachingAssignment,
  HomeroomAssignment,
  Student,
  StudentProfile,
  StudentSensitive,
  Enrolment,
  StudentTransfer,
  Guardian,
  HealthRecord,
}

/** Of records that rest on consent an application holds the present one alone. */
const CONSENTED: readonly PartName[] = ['Guardian', 'HealthRecord']

function historyOf(name: PartName, type: ClassType): ClassType {
  const more = CONSENTED.includes(name)
    ? ' Former versions are told to people of the school alone: a consent opens what the record says now. Law 91/2025/QH15.'
    : ''

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
      return listVersions(context, name, { schoolId, id }, page)
    }
  }
  return HistoryResolver
}

@Resolver(() => RecordVersion)
export class RecordVersionResolver {
  @FieldResolver(() => [FieldChange], {
    nullable: true,
    description: 'What it changed of the version before; empty where it changed other fields of the record alone. Null for the first version, and where the one before is not the caller’s to see.',
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

export const historyResolvers: readonly ClassType[] = [
  RecordVersionResolver,
  ...(Object.entries(TYPES) as [PartName, ClassType][]).map(([name, type]) => historyOf(name, type)),
]
