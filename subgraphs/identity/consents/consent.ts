// The words in which consents are judged: what is sent, what is stored, how one is told from another.
import type { RecordFault } from '../../kernel/errors.ts'
import type { ConsentGiver, ConsentPurpose } from './givers.ts'

export type EvidenceKind = 'SIGNED_FORM' | 'ELECTRONIC_FORM' | 'TEXT_MESSAGE' | 'VOICE_RECORDING'

/** What tells one consent of a school from another. */
export interface ConsentKey {
  readonly studentId: string
  /** The guardian, or the pupil. */
  readonly giverId: string
  readonly applicationId: string
  readonly purpose: ConsentPurpose
}

export const consentKeyOf = ({ studentId, giverId, applicationId, purpose }: ConsentKey): string =>
  `${studentId}/${giverId}/${applicationId}/${purpose}`

/** A consent as it stands in the store; instants as PostgreSQL prints them. */
export interface StoredConsent extends ConsentKey, Record<string, unknown> {
  readonly schoolId: string
  readonly id: string
  readonly givenBy: ConsentGiver
  readonly status: 'GIVEN' | 'WITHDRAWN'
  readonly evidenceKind: EvidenceKind
  readonly evidenceReference: string
  readonly givenAt: string
  readonly withdrawnAt: string | null
  readonly recordedAt: string
  readonly recordedByApplicationId: string | null
  readonly version: number
  readonly updatedAt: string
}

/** A record that passed by itself: its people are known, its giver is the right one. */
export interface AcceptedConsent extends ConsentKey {
  readonly givenBy: ConsentGiver
  readonly evidenceKind: EvidenceKind
  readonly evidenceReference: string
  readonly givenAt: string
  /** Stands only while the child's own consent does. */
  readonly needsChild: boolean
  readonly expectedVersion: number | null
}

export interface AcceptedWithdrawal extends ConsentKey {
  readonly withdrawnAt: string
  readonly reason: string | null
  readonly expectedVersion: number | null
}

export type Verdict<A> = { readonly accepted: A } | { readonly faults: readonly RecordFault[] }

/** Milliseconds of an instant, as a caller writes it or as PostgreSQL prints it (`2026-10-19 08:00:00.12+07`). */
export function millis(instant: string): number {
  const iso = instant.replace(' ', 'T')
  return Date.parse(/[+-]\d{2}$/.test(iso) ? `${iso}:00` : iso)
}
