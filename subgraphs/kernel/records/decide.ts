// What becomes of each record of a batch: which stored record it names, whether it changes it, and all or none.
import { recordFault, type ErrorCode } from '../errors.ts'
import type { Known, Named } from '../named.ts'
import type { Fault } from '../root-causes.ts'
import { settle, type Mode } from '../settle.ts'

export type Word = string | number | boolean | null
/** The columns of a record by name. */
export type Values = Readonly<Record<string, Word>>

/** A record as it stands; `code` is its natural key. */
export interface Stored extends Known {
  readonly version: number
  readonly values: Values
  /** What it says where the caller may not read it; `values` are then as the caller is told. */
  readonly hidden?: Values
  /** Of a record that rests on consent: the applications that have written it. */
  readonly keepers?: readonly string[]
  /** Of a record that hangs on a pupil: whose it is. */
  readonly studentId?: string
}

/** What names a record and guards it, as sent. */
export interface SentKey {
  readonly id?: string | null
  readonly key: string | null
  readonly externalId?: string | null
  readonly expectedVersion?: number | null
}

/** What another application owns and this one sent otherwise: taken back, and kept as a proposal. */
export interface Withheld {
  readonly group: string
  readonly field: string
  readonly path: string
  readonly ownerApplicationId: string
  readonly former: Values
  readonly proposed: Values
  readonly effect: unknown
}

export class Findings {
  readonly faults: Fault[] = []
  readonly warnings: Fault[] = []

  add(code: ErrorCode, path: string, about: string | null = null): null {
    this.faults.push({ ...recordFault(code, path), about })
    return null
  }

  warn(code: ErrorCode, path: string): void {
    this.warnings.push({ ...recordFault(code, path), about: null })
  }
}

/**
 * The stored record that is meant: by id, else by the natural key, else by the caller's own id. Null is a new one, undefined
 * one that cannot be named so.
 */
export function match<S extends Stored>(
  { id, key, externalId }: SentKey,
  known: Named<S>,
  found: Findings,
): S | null | undefined {
  const byExternalId = externalId ? known.find({ externalId }) : null
  const named = id ? known.find({ id }) : key !== null ? known.find({ code: key }) : byExternalId
  if (!named && (id || key === null)) {
    found.add('RECORD_NOT_FOUND', id ? 'id' : 'externalId')
    return undefined
  }
  if (byExternalId && byExternalId.id !== named?.id) found.add('EXTERNAL_ID_TAKEN', 'externalId')
  return named
}

export interface Judged<S extends Stored, E> {
  readonly sent: SentKey
  /** Null for a record that is new, or that could not be found. */
  readonly stored: S | null
  /** What tells this record from the others of the batch. */
  readonly key: string
  /** The record as it would stand; null where it is refused. */
  readonly values: Values | null
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
  /** What else the change brings, such as a line of the pupil's history. */
  readonly effect: E | null
  /** An act on the record that may leave its own columns as they are, such as the release of a pupil who has left already. */
  readonly acts?: boolean
  /** It lands whole whoever owns its fields: not the caller's data but the former school's, which comes with the pupil. */
  readonly whole?: boolean
  /** What another application owns, taken back from the values. */
  readonly withheld?: readonly Withheld[]
}

export interface Change<S extends Stored, E> {
  readonly status: 'CREATED' | 'UPDATED'
  readonly stored: S | null
  readonly key: string
  readonly values: Values
  readonly externalId: string | null
  readonly effect: E | null
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
  readonly withheld: readonly Withheld[]
  /** Of a record that the caller may not read nothing may have been left to write: it is told UPDATED, as always. */
  readonly lands: boolean
}

export type Decision<S extends Stored, E> =
  | Change<S, E>
  | {
      readonly status: 'UNCHANGED'
      readonly stored: S
      readonly externalId: string | null
      readonly faults: readonly Fault[]
      readonly warnings: readonly Fault[]
    }
  | {
      /** Nothing of it lands: all that it says otherwise is another application's. */
      readonly status: 'CONFLICT'
      readonly stored: S
      readonly key: string
      readonly externalId: string | null
      readonly faults: readonly Fault[]
      readonly warnings: readonly Fault[]
      readonly withheld: readonly Withheld[]
    }
  | {
      readonly status: 'CONFLICT' | 'REJECTED'
      readonly stored: S | null
      readonly faults: readonly Fault[]
      readonly warnings: readonly Fault[]
    }

const fault = (code: ErrorCode, path: string): Fault => ({ ...recordFault(code, path), about: null })
const same = (a: Values, b: Values): boolean => Object.keys(a).every((name) => a[name] === b[name])

function decideOne<S extends Stored, E>(judged: Judged<S, E>, isDouble: boolean, mode: Mode): Decision<S, E> {
  const { sent, stored, values, warnings, key, effect, withheld = [] } = judged
  const refused = (faults: readonly Fault[]): Decision<S, E> => ({ status: 'REJECTED', stored: null, faults, warnings })
  if (values === null || judged.faults.length > 0) return refused(judged.faults)
  if (isDouble) return refused([fault('DUPLICATE_IN_BATCH', '')])
  const expected = sent.expectedVersion ?? null
  if (expected !== null && expected !== (stored?.version ?? 0))
    return { status: 'CONFLICT', stored, faults: [fault('VERSION_CONFLICT', 'expectedVersion')], warnings }
  const externalId = sent.externalId ?? null
  // Who may not read a record is not told whose its fields are either: that would tell who else keeps it.
  const hidden = stored?.hidden
  const owned = hidden ? [] : withheld.map(({ path }) => fault('FIELD_OWNED', path))
  const isSame = stored !== null && !judged.acts && same(values, stored.values)
  // All or nothing holds for one record too: in ATOMIC mode it does not land in part.
  if (stored && owned.length > 0 && (isSame || mode === 'ATOMIC'))
    return { status: 'CONFLICT', stored, key, externalId, faults: owned, warnings, withheld }
  if (isSame) return { status: 'UNCHANGED', stored, externalId, faults: [], warnings }
  const status = stored ? 'UPDATED' : 'CREATED'
  const lands = !(hidden && withheld.length > 0 && same(values, hidden))
  return { status, stored, key, values, externalId, effect, faults: [], warnings: [...warnings, ...owned], withheld, lands }
}

/** Two records that name one thing are both refused: which of them is meant is not ours to guess. */
export function decide<S extends Stored, E>(judged: readonly Judged<S, E>[], mode: Mode): readonly Decision<S, E>[] {
  const times = new Map<string, number>()
  const count = (word: string): void => void times.set(word, (times.get(word) ?? 0) + 1)
  const namesOf = ({ key, stored, sent }: Judged<S, E>): string[] => [
    `key ${key}`,
    ...(stored ? [`record ${stored.id}`] : []),
    ...(sent.externalId ? [`external ${sent.externalId}`] : []),
  ]
  for (const one of judged) if (one.values !== null) namesOf(one).forEach(count)
  const decisions = judged.map((one) =>
    decideOne(
      one,
      namesOf(one).some((name) => (times.get(name) ?? 0) > 1),
      mode,
    ),
  )
  return settle(decisions, mode, { status: 'REJECTED', stored: null, faults: [fault('BATCH_REJECTED', '')], warnings: [] })
}

/** Null and undefined differ: what is not sent stays as it stands, what is sent as null is cleared. */
export function merged<T extends Word>(sent: T | undefined, stored: Word | undefined): Word {
  return sent === undefined ? (stored ?? null) : sent
}
