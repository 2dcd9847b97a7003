// The transfer guard: a pupil of another school is not made, admitted or changed here before that school has let go.
import { vietnamDay } from '../../kernel/database.ts'
import type { Named } from '../../kernel/named.ts'
import type { ChangeEvent } from '../../kernel/outbox.ts'
import { isStorable } from '../../kernel/text.ts'
import type { Judged } from '../../kernel/records/decide.ts'
import type { Written } from '../../kernel/records/write-records.ts'
import { NIL } from '../roster/transfers.ts'
import * as sql from '../store/transfer-queries.ts'
import type { StoredStudent } from './at-the-desk.ts'
import type { Desk } from './roster-batch.ts'

export interface TransferGuard {
  /** Another school has taken the pupil over: the record here is history. */
  hasMovedOn(studentId: string): boolean
  /** A pupil of another school has this code or personal number. */
  isElsewhere(word: string): boolean
}

/** Where nobody is away, nobody is elsewhere. */
export const OPEN: TransferGuard = { hasMovedOn: () => false, isElsewhere: () => false }

type Seat = Pick<Desk, 'context' | 'tx' | 'schoolId'>
type Known = Pick<StoredStudent, 'id' | 'code' | 'enrolmentId'>

export interface ReleaseInForce {
  readonly studentId: string
  readonly id: string
  readonly state: 'RELEASED' | 'TAKEN'
  readonly toSchool: string | null
  readonly version: number
}

export async function releasesInForce(
  { tx, schoolId }: Seat,
  studentIds: readonly string[],
): Promise<ReadonlyMap<string, ReleaseInForce>> {
  if (studentIds.length === 0) return new Map()
  const rows = await tx.query<ReleaseInForce & Record<string, unknown>>(sql.RELEASES_IN_FORCE, [schoolId, studentIds])
  return new Map(rows.map((row) => [row.studentId, row]))
}

async function guardOf(
  desk: Seat,
  known: readonly Known[],
  words: { readonly codes: readonly string[]; readonly numbers: readonly string[] },
  onlyStudying: boolean,
): Promise<TransferGuard> {
  const { tx, schoolId } = desk
  const releases = await releasesInForce(
    desk,
    known.map(({ id }) => id),
  )
  const asked = words.codes.length + words.numbers.length > 0
  const rows = asked
    ? await tx.query<{ word: string; studying: boolean }>(sql.PUPILS_ELSEWHERE, [schoolId, words.codes, words.numbers])
    : []
  const elsewhere = new Set(rows.filter(({ studying }) => studying || !onlyStudying).map(({ word }) => word))
  return {
    hasMovedOn: (id) => releases.get(id)?.state === 'TAKEN',
    isElsewhere: (word) => elsewhere.has(word),
  }
}

interface SentPupil {
  readonly code?: string | null
  readonly sensitive?: { readonly personalNumber?: string | null } | null
}

/** For records that may be new: whoever has a record at another school comes by a claim. */
export function guardUpserts(desk: Desk, students: Named<StoredStudent>, sent: readonly SentPupil[]): Promise<TransferGuard> {
  const words = (list: readonly (string | null | undefined)[]): string[] => [
    ...new Set(list.filter((word): word is string => Boolean(word) && isStorable(word!))),
  ]
  const codes = words(sent.map(({ code }) => code)).filter((code) => !students.find({ code }))
  return guardOf(desk, students.all(), { codes, numbers: words(sent.map(({ sensitive }) => sensitive?.personalNumber)) }, false)
}

/** For admissions of known pupils: who left and now studies at another school comes back by a claim. */
export function guardReturns(desk: Seat, students: readonly Known[]): Promise<TransferGuard> {
  const away = students.filter(({ enrolmentId }) => enrolmentId === null)
  return guardOf(desk, away, { codes: away.map(({ code }) => code), numbers: [] }, true)
}

export interface Claims {
  readonly asked?: number
  readonly matched?: number
  readonly taken?: number
  readonly refused?: number
}

export async function countClaims(
  { context, tx, schoolId }: Desk,
  { asked = 0, matched = 0, taken = 0, refused = 0 }: Claims,
): Promise<void> {
  await tx.query(sql.COUNT_CLAIMS, [
    schoolId,
    context.viewer.applicationId ?? NIL,
    vietnamDay(context.now()),
    asked,
    matched,
    taken,
    refused,
  ])
}

/** A new record with the code of another school's pupil asks what a claim asks, and counts as one. */
export async function countRefusals(desk: Desk, judged: readonly Judged<StoredStudent, unknown>[]): Promise<void> {
  const matched = judged.filter(({ faults }) => faults.some(({ code }) => code === 'STUDENT_ELSEWHERE')).length
  if (matched > 0) await countClaims(desk, { asked: matched, matched })
}

export const transferEvent = (schoolId: string, id: string, code: string, version: number): ChangeEvent => ({
  schoolId,
  entity: 'StudentTransfer',
  entityId: id,
  naturalKey: `${code}/${id}`,
  event: version === 1 ? 'NEW' : 'UPDATE',
  version,
})

/** Who is admitted again where they were let go is not to be taken by another school any more. */
export async function withdrawReleases(
  desk: Seat,
  written: readonly Pick<Written<StoredStudent, unknown>, 'id' | 'key'>[],
): Promise<readonly ChangeEvent[]> {
  const { context, tx, schoolId } = desk
  const { applicationId, accountId } = context.viewer
  const codes = new Map(written.map(({ id, key }) => [id, key]))
  const releases = [...(await releasesInForce(desk, [...codes.keys()])).values()].filter(({ state }) => state === 'RELEASED')
  if (releases.length === 0) return []
  const ids = releases.map(({ id }) => id)
  const at = context.now().toISOString()
  await tx.query(sql.KEEP_FORMER_TRANSFERS, [schoolId, ids, at, applicationId, accountId])
  const rows = await tx.query<{ id: string; studentId: string; version: number }>(sql.WITHDRAW_RELEASES, [
    schoolId,
    at,
    applicationId,
    ids,
  ])
  return rows.map(({ id, studentId, version }) => transferEvent(schoolId, id, codes.get(studentId) ?? '', version))
}
