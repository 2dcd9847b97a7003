// What the batches of the roster look up: the school year, its classes, staff, pupils, by the references a batch names.
import type { ClassRoomOfYearRef } from '../../kernel/inputs.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { Named, wordsOf, type FormerName, type Reference } from '../../kernel/named.ts'
import type { Stored } from '../../kernel/records/decide.ts'
import { valuesOf } from '../../kernel/records/table.ts'
import type { Level } from '../roster/grades.ts'
import { FORMER_NAMES } from '../store/identity-queries.ts'
import * as sql from '../store/writing.ts'
import type { Desk } from './roster-batch.ts'

type Row = Record<string, unknown> & { readonly id: string; readonly version: number; readonly externalId: string | null }

export interface SchoolYearAtHand {
  readonly id: string
  readonly code: string
  readonly startYear: number
  readonly endsOn: string
}

export async function getSchoolYear({ tx }: Desk, code: string): Promise<SchoolYearAtHand> {
  const [row] = await tx.query<{ id: string; code: string; startsOn: string; endsOn: string }>(sql.SCHOOL_YEAR_BY_CODE, [code])
  if (!row) throw new PlatformError('RECORD_NOT_ACCESSIBLE', { path: ['input', 'schoolYear'] })
  return { id: row.id, code: row.code, startYear: Number(row.startsOn.slice(0, 4)), endsOn: row.endsOn }
}

export interface StoredClass extends Stored {
  readonly grade: number
  readonly level: Level
  readonly hasPupils: boolean
}

export async function findClasses({ context, tx, schoolId }: Desk, year: SchoolYearAtHand): Promise<Named<StoredClass>> {
  const rows = await tx.query<Row & { name: string; grade: number; level: Level; hasPupils: boolean }>(sql.CLASSES_OF_YEAR, [
    schoolId,
    context.viewer.applicationId,
    year.id,
  ])
  return new Named(
    rows.map(({ id, version, externalId, name, grade, level, hasPupils, ...row }) => ({
      id,
      version,
      externalId,
      code: name,
      grade,
      level,
      hasPupils,
      values: valuesOf(sql.CLASS_ROOM, { ...row, name, grade, level }),
    })),
  )
}

/** A class is named as a person is, its name in the place of the code. */
export const asReference = ({ id, name, externalId }: ClassRoomOfYearRef): Reference => ({
  id,
  code: name?.normalize('NFC'),
  externalId,
})

// Who moved away (3) or retired (6) is no longer there: R26.
export const hasLeft = (status: unknown): boolean => status === 3 || status === 6

export async function findStaff({ context, tx, schoolId }: Desk, refs: readonly Reference[]): Promise<Named<Stored>> {
  const { id, code, externalId } = wordsOf(refs)
  const rows = await tx.query<Row & { code: string }>(sql.STAFF_NAMED, [
    schoolId,
    context.viewer.applicationId,
    id,
    code,
    externalId,
  ])
  return new Named(
    rows.map((row) => ({
      id: row.id,
      version: row.version,
      externalId: row.externalId,
      code: row.code,
      values: valuesOf(sql.STAFF, row),
    })),
  )
}

export interface StoredStudent extends Stored {
  /** The line of the history that is open, and since when. */
  readonly enrolmentId: string | null
  readonly admittedOn: string | null
}

export async function findStudents({ context, tx, schoolId }: Desk, refs: readonly Reference[]): Promise<Named<StoredStudent>> {
  const { id, code, externalId } = wordsOf(refs)
  const rows = await tx.query<Row & { code: string; enrolmentId: string | null; admittedOn: string | null }>(sql.STUDENTS_NAMED, [
    schoolId,
    context.viewer.applicationId,
    id,
    code,
    externalId,
  ])
  const former = await tx.query<FormerName & Record<string, unknown>>(FORMER_NAMES, [schoolId, rows.map((row) => row.id)])
  return new Named(
    rows.map((row) => ({
      id: row.id,
      version: row.version,
      externalId: row.externalId,
      code: row.code,
      enrolmentId: row.enrolmentId,
      admittedOn: row.admittedOn,
      values: valuesOf(sql.STUDENT, row),
    })),
    former,
  )
}

/** All ways in which records name themselves, each as a reference of its own. */
export function selfReferences(
  sent: readonly { readonly id?: string | null; readonly code?: string | null; readonly externalId?: string | null }[],
): Reference[] {
  return sent.flatMap(({ id, code, externalId }) => [
    ...(id ? [{ id }] : []),
    ...(code ? [{ code }] : []),
    ...(externalId ? [{ externalId }] : []),
  ])
}

export async function findProvince({ tx }: Desk): Promise<string | null> {
  const [row] = await tx.query<{ code: string }>(sql.PROVINCE_CODE, [])
  return row?.code ?? null
}
