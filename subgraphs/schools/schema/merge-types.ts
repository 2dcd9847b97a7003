// Merges of two records of one pupil.
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { batchOf } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import { Application } from '../../kernel/provenance.ts'
import { DateTime } from '../../kernel/scalars.ts'
import type { Values } from '../../kernel/records/decide.ts'

export enum StudentMergeState {
  MERGED = 'MERGED',
  UNDONE = 'UNDONE',
}
registerEnumType(StudentMergeState, {
  name: 'StudentMergeState',
  description: 'Where a merge stands.',
  valuesConfig: {
    MERGED: { description: 'Đã gộp: the former id and code answer for the record that was kept.' },
    UNDONE: { description: 'Đã tách lại: both records stand again.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Two records of one pupil that became one (gộp hồ sơ). Reversible: `undoMerge`.' })
export class StudentMerge {
  @Field(() => ID, { description: 'UUIDv7.' })
  id!: string

  @Field(() => ID, { description: 'Id of the record that was merged; while the merge stands it answers for the one that was kept.' })
  mergedId!: string

  @Field(() => String, { description: 'Code of the record that was merged; while the merge stands it names the pupil too.' })
  mergedCode!: string

  @Field(() => StudentMergeState, { description: 'Where it stands.' })
  state!: `${StudentMergeState}`

  @Field(() => String, { description: 'Why they were merged (lý do).' })
  reason!: string

  @Field(() => DateTime, { description: 'When they were merged.' })
  mergedAt!: string

  @Field(() => Application, { nullable: true, description: 'The application that merged them; null when the principal did in person.' })
  mergedBy!: Application | null

  @Field(() => String, { nullable: true, description: 'Why it was undone; null while it stands.' })
  undoReason!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was undone; null while it stands.' })
  undoneAt!: string | null

  @Field(() => Int, { description: 'Rises by one with each accepted change.' })
  version!: number

  @Field(() => DateTime, { description: 'Time of the last change.' })
  updatedAt!: string

  schoolId!: string
  keptId!: string
}

type BySchema<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

/** A merge as it is stored, with what it did. */
export interface MergeRow {
  readonly schoolId: string
  readonly id: string
  readonly keptId: string
  readonly mergedId: string
  readonly aliasId: string
  readonly keptCode: string
  readonly mergedCode: string
  readonly former: Values
  readonly filled: Values
  readonly moved: BySchema<readonly string[]>
  readonly rowCounts: BySchema<number>
  readonly keptVersion: number
  readonly state: `${StudentMergeState}`
  readonly reason: string
  readonly mergedAt: string
  readonly undoReason: string | null
  readonly undoneAt: string | null
  readonly version: number
  readonly updatedAt: string
  readonly applicationId: string | null
}

export const StudentMergeConnection = connectionOf('StudentMerge', () => StudentMerge)
export const StudentMergeBatch = batchOf('StudentMerge', () => StudentMerge)
