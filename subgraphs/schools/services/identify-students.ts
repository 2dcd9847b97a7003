// Whether a pupil who comes without a known code is one whom the school has: the same record when it is certain, a list to look at when not.
import { randomBytes } from 'node:crypto'
import type { ChangeEvent } from '../../kernel/outbox.ts'
import { Named } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Findings, SentKey } from '../../kernel/records/decide.ts'
import type { Written } from '../../kernel/records/write-records.ts'
import { likeness, Lookalikes, swappedDay, type Likeness, type Person } from '../roster/identity.ts'
import { isMinistryCode, isPersonalNumber } from '../roster/numbers.ts'
import { isTemporaryCode, temporaryCode } from '../roster/temporary-code.ts'
import { cleanName } from '../../kernel/text.ts'
import type { StudentInput } from '../schema/write-inputs.ts'
import * as sql from '../store/identity-queries.ts'
import { findStudents, type StoredStudent } from './at-the-desk.ts'
import type { Desk } from './roster-batch.ts'

/** Somebody whom a new record may be: a pupil of the school, or another new record of the batch by its place. */
export interface Likely {
  readonly who: { readonly id: string } | { readonly place: number }
  readonly likeness: Likeness
}

export interface Identity {
  /** The record that it is for certain. */
  readonly certain: StoredStudent | null
  /** Another record of the batch is the same pupil for certain. */
  readonly isDouble: boolean
  readonly likely: readonly Likely[]
}

const NOBODY: Identity = { certain: null, isDouble: false, likely: [] }

function personOf({ code, fullName, sex, birthDate, sensitive }: StudentInput, maySensitive: boolean): Person | null {
  const name = cleanName(fullName)
  if (name === null || !isDay(birthDate) || (code && !isMinistryCode(code))) return null
  const number = maySensitive ? (sensitive?.personalNumber ?? null) : null
  return {
    code: code ?? null,
    fullName: name,
    sex,
    birthDate,
    personalNumber: number && isPersonalNumber(number) ? number : null,
  }
}

const isKnown = ({ id, code, externalId }: StudentInput, students: Named<StoredStudent>): boolean =>
  Boolean(id) || Boolean(code && students.find({ code })) || Boolean(externalId && students.find({ externalId }))

/** The identities of the records of a batch, by place. Whom the policies hide from the caller nobody is compared with. */
export async function identify(
  desk: Desk,
  sent: readonly StudentInput[],
  students: Named<StoredStudent>,
  maySensitive: boolean,
): Promise<(place: number) => Identity> {
  const news = sent.flatMap((one, place) => {
    const person = isKnown(one, students) ? null : personOf(one, maySensitive)
    return person ? [{ place, person }] : []
  })
  if (news.length === 0) return () => NOBODY
  const dates = new Set(news.flatMap(({ person: { birthDate } }) => [birthDate, swappedDay(birthDate) ?? birthDate]))
  const stored = await desk.tx.query<Person & { id: string; code: string } & Record<string, unknown>>(sql.CANDIDATES, [
    desk.schoolId,
    news.flatMap(({ person }) => person.personalNumber ?? []),
    [...dates],
  ])
  const found = new Map<number, Likely[]>()
  const add = (place: number, one: Likely): void => void found.set(place, [...(found.get(place) ?? []), one])
  const [known, before] = [new Lookalikes(), new Lookalikes()]
  for (const one of stored) known.add(one)
  for (const { place, person } of news) {
    for (const other of known.of(person).map((at) => stored[at]!)) {
      const alike = likeness(person, other)
      if (alike) add(place, { who: { id: other.id }, likeness: alike })
    }
    for (const other of before.of(person).map((at) => news[at]!)) {
      const alike = likeness(person, other.person)
      if (!alike) continue
      add(place, { who: { place: other.place }, likeness: alike })
      if (alike.isCertain) add(other.place, { who: { place }, likeness: alike })
    }
    before.add(person)
  }
  const certainly = (likely: readonly Likely[]): Likely[] => likely.filter((one) => one.likeness.isCertain)
  // Two whom it would be for certain are two records of one pupil already: which of them is meant is not ours to guess.
  const only = (likely: readonly Likely[]): string | null => {
    const ids = certainly(likely).flatMap(({ who }) => ('id' in who ? [who.id] : []))
    return ids.length === 1 ? ids[0]! : null
  }
  const ids = [...found.values()].flatMap((likely) => only(likely) ?? [])
  const certain =
    ids.length > 0
      ? await findStudents(
          desk,
          ids.map((id) => ({ id })),
        )
      : new Named<StoredStudent>([])
  return (place) => {
    const likely = found.get(place)
    if (!likely) return NOBODY
    const id = only(likely)
    return {
      certain: id === null ? null : (certain.find({ id }) ?? null),
      isDouble: certainly(likely).some(({ who }) => 'place' in who),
      likely,
    }
  }
}

export interface RecordNamed {
  readonly stored: StoredStudent | null | undefined
  /** The natural key that the record will have. */
  readonly code: string | null
}

/** The grades in which pupils come to a school for the first time: preschool and grade 1. */
const isFirstGrade = (grade: number): boolean => grade === 1 || grade >= 13

/**
 * The record that is meant: by id, by code (a former one too), by the caller's own id, else by who the pupil is. The Ministry's
 * code takes the place of a temporary one; otherwise no code changes. A new pupil of a first grade who has none is given a temporary
 * one, if a resend would find the record again by something.
 */
export function nameRecord(
  { id, key: code, externalId }: SentKey,
  { certain }: Identity,
  students: Named<StoredStudent>,
  {
    grade,
    hasNumber,
    isApplication,
    province,
  }: {
    readonly grade: number | null
    readonly hasNumber: boolean
    readonly isApplication: boolean
    readonly province: string | null
  },
  found: Findings,
): RecordNamed {
  if (code !== null && !isMinistryCode(code) && !isTemporaryCode(code)) {
    found.add('CODE_INVALID', 'code')
    return { stored: undefined, code }
  }
  const byCode = code === null ? null : (students.find({ code }) ?? null)
  const byExternalId = externalId ? (students.find({ externalId }) ?? null) : null
  const isReal = code !== null && isMinistryCode(code)
  const takesCode = (one: StoredStudent | null): boolean => one !== null && isReal && byCode === null && isTemporaryCode(one.code)
  const stored = id
    ? (students.find({ id }) ?? null)
    : (byCode ?? (code === null || takesCode(byExternalId) ? (byExternalId ?? certain) : certain))
  if (id && stored === null) {
    found.add('RECORD_NOT_FOUND', 'id')
    return { stored: undefined, code }
  }
  if (byExternalId && byExternalId.id !== stored?.id) found.add('EXTERNAL_ID_TAKEN', 'externalId')
  if (stored) {
    if (code !== null && byCode?.id !== stored.id && !takesCode(stored)) found.add('KEY_CHANGED', 'code')
    return { stored, code: takesCode(stored) ? code : stored.code }
  }
  if (isReal) return { stored: null, code }
  // A temporary code that nobody here has was not issued here, and without any code only a first grade begins.
  if (code !== null || grade === null || !isFirstGrade(grade)) {
    found.add('RECORD_NOT_FOUND', code !== null ? 'code' : 'externalId')
    return { stored: undefined, code }
  }
  if (!hasNumber && !(isApplication && externalId)) {
    found.add('IDENTITY_REQUIRED', 'externalId')
    return { stored: undefined, code }
  }
  return { stored: null, code: temporaryCode(province ?? '00', randomBytes(9)) }
}

type WrittenPupil = Pick<Written<StoredStudent, unknown>, 'id' | 'key' | 'stored' | 'values'>

/** A temporary code that was replaced goes on naming its pupil. */
export async function keepFormerCodes(
  { context, tx, schoolId }: Desk,
  written: readonly WrittenPupil[],
): Promise<readonly ChangeEvent[]> {
  const now = context.now()
  const news = written.flatMap(({ id, stored, values }) =>
    stored && stored.code !== values.code ? [{ id: uuidv7(now), studentId: id, formerCode: stored.code }] : [],
  )
  if (news.length === 0) return []
  await tx.query(sql.REMEMBER_NAMES, [
    schoolId,
    now.toISOString(),
    news.map(({ id }) => id),
    news.map(({ studentId }) => studentId),
    news.map(() => null),
    news.map(({ formerCode }) => formerCode),
  ])
  return news.map(({ id, formerCode }): ChangeEvent => ({
    schoolId,
    entity: 'StudentAlias',
    entityId: id,
    naturalKey: formerCode,
    event: 'NEW',
    version: 1,
  }))
}

/** Whom new records may be, for a person to look at. `likelyOf` answers by natural key, `keyOf` the natural key by place. */
export async function keepMatches(
  { context, tx, schoolId }: Desk,
  written: readonly WrittenPupil[],
  likelyOf: ReadonlyMap<string, readonly Likely[]>,
  keyOf: (place: number) => string | undefined,
): Promise<readonly ChangeEvent[]> {
  const now = context.now()
  const ids = new Map(written.map(({ id, key }) => [key, id]))
  const pairs = written
    .filter(({ stored }) => stored === null)
    .flatMap(({ id: landedId, key }) =>
      (likelyOf.get(key) ?? []).flatMap(({ who, likeness: { score, reasons } }) => {
        const candidateId = 'id' in who ? who.id : ids.get(keyOf(who.place) ?? '')
        return candidateId ? [{ id: uuidv7(now), landedId, candidateId, score, reasons, key }] : []
      }),
    )
  if (pairs.length === 0) return []
  await tx.query(sql.REMEMBER_MATCHES, [
    schoolId,
    now.toISOString(),
    context.viewer.applicationId,
    pairs.map(({ id }) => id),
    pairs.map(({ landedId }) => landedId),
    pairs.map(({ candidateId }) => candidateId),
    pairs.map(({ score }) => score),
    pairs.map(({ reasons }) => reasons.join(' ')),
  ])
  return pairs.map(({ id, key }): ChangeEvent => ({
    schoolId,
    entity: 'IdentityMatch',
    entityId: id,
    naturalKey: `${key}/${id}`,
    event: 'NEW',
    version: 1,
  }))
}
