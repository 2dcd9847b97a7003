// Records that rest on consent, written by who may not read them: what such a writer may name, and what it is told.
//
// A product that keeps a school's guardians has the school's agreement, and of most families no consent. It may therefore write,
// and must learn nothing of what others wrote. It names only records that it may read or has written itself; of one that it may
// not read it is told CREATED, UPDATED or UNCHANGED by what it said before, never by what is stored: else a phone number could be
// tried until the answer is UNCHANGED. Of others' records it finds none, and so makes its own beside them.
import { createHash } from 'node:crypto'
import type { Reference } from '../../kernel/named.ts'
import type { Findings, SentKey, Stored, Values, Word } from '../../kernel/records/decide.ts'
import { match } from '../../kernel/records/decide.ts'
import { Named } from '../../kernel/named.ts'
import { valuesOf, type Table } from '../../kernel/records/table.ts'
import type { Written } from '../../kernel/records/write-records.ts'
import * as sql from '../store/consented-queries.ts'
import type { StoredStudent } from './at-the-desk.ts'
import type { Desk } from './roster-batch.ts'

export interface StoredKept extends Stored {
  readonly studentId: string
  readonly keepers: readonly string[]
  readonly readable: boolean
  /** What the calling application said of it last, as a digest. */
  readonly said: string | null
}

/** What a change of such a record brings along. */
export interface Said {
  readonly studentCode: string
  readonly said: string
}

type Row = Record<string, unknown> & {
  readonly id: string
  readonly version: number
  readonly student_id: string
  readonly externalId: string | null
  readonly said: string | null
  readonly readable: boolean
  readonly keepers: string[]
}

/** The records of these pupils that the caller may name, the pupils locked. The transaction stands behind the consents from here. */
export async function findKept(
  { context, tx, schoolId }: Desk,
  table: Table,
  entity: string,
  externalKind: string,
  students: readonly StoredStudent[],
  ownIds: readonly string[],
  keyOf: (values: Values) => string,
): Promise<Named<StoredKept>> {
  const { applicationId } = context.viewer
  const ids = [...new Set(students.map(({ id }) => id))]
  await tx.query(sql.LOCK_STUDENTS, [schoolId, ids])
  await tx.query(sql.STEP_BEHIND_CONSENT, [])
  const rows = await tx.query<Row>(sql.recordsOfStudents(table, entity, externalKind), [schoolId, ids, applicationId, ownIds])
  return new Named(
    rows
      .filter(({ readable, said, externalId }) => readable || said !== null || externalId !== null)
      .map(({ id, version, externalId, said, readable, keepers, ...row }) => {
        const values = valuesOf(table, row)
        return { id, version, externalId, said, readable, keepers, studentId: row.student_id, code: keyOf(values), values }
      }),
  )
}

/** By id, by the caller's own id, by the natural key: a name may be mended, and the own id still says who is meant. */
export function matchKept(sent: SentKey, known: Named<StoredKept>, found: Findings): StoredKept | null | undefined {
  const own: Reference | null = sent.externalId ? { externalId: sent.externalId } : null
  return match(own && known.find(own) ? { ...sent, key: null } : sent, known, found)
}

const digestOf = (said: Readonly<Record<string, Word | undefined>>): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('base64url')

/**
 * What the stored record is to this caller. Of one that it may not read nothing is compared: what it said before and says again is
 * already so, everything else is news. It cannot have seen a version either.
 */
export function asTold(
  stored: StoredKept | null,
  said: Readonly<Record<string, Word | undefined>>,
  values: Values,
  expectedVersion: number | null | undefined,
  found: Findings,
): { readonly stored: StoredKept | null; readonly said: string } {
  const digest = digestOf(said)
  if (!stored || stored.readable) return { stored, said: digest }
  if (expectedVersion) found.add('VERSION_CONFLICT', 'expectedVersion')
  return { stored: { ...stored, hidden: stored.values, values: digest === stored.said ? values : {} }, said: digest }
}

/** What the caller said is remembered with what it wrote. */
export async function keepSaid(
  { context, tx, schoolId }: Desk,
  entity: string,
  written: readonly Written<StoredKept, Said>[],
): Promise<void> {
  const { applicationId } = context.viewer
  if (applicationId === null) return
  const ids = written.map(({ id }) => id)
  await tx.query(sql.KEEP_SAID, [schoolId, applicationId, entity, ids, written.map(({ effect }) => effect!.said)])
}

/** How the feed names such a record, and whose it is: no name stands in a natural key. */
export const ofStudent = ({ id, values, effect }: Written<StoredKept, Said>): { key: string; studentId: string } => ({
  key: `${effect!.studentCode}/${id}`,
  studentId: String(values.student_id),
})
