// What a batch of consents or withdrawals must satisfy record by record, before it is compared with what is stored.
import { recordFault, type ErrorCode, type RecordFault } from '../../kernel/errors.ts'
import { vietnamDay } from '../../kernel/database.ts'
import {
  consentKeyOf,
  millis,
  type AcceptedConsent,
  type AcceptedWithdrawal,
  type ConsentKey,
  type EvidenceKind,
  type Verdict,
} from './consent.ts'
import { ageOn, mayGive, needsChildBeside, type ConsentGiver, type ConsentPurpose } from './givers.ts'
import { isStorable } from '../../kernel/text.ts'
import type { Named, Reference } from '../../kernel/named.ts'

export interface Family {
  readonly id: string
  readonly code: string
  readonly externalId: string | null
  readonly status: string
  readonly birthDate: string
  readonly guardians: readonly { readonly id: string; readonly relation: string }[]
}

export interface KnownApplication {
  readonly id: string
  readonly code: string
  /** An agreement with the school is in force today. */
  readonly agreed: boolean
}

/** What names a consent, as it is sent. */
export interface SentKey {
  readonly student: Reference
  readonly givenBy: ConsentGiver
  readonly guardianId?: string | null
  readonly application?: Reference | null
  readonly purpose: ConsentPurpose
  readonly expectedVersion?: number | null
}

export interface SentConsent extends SentKey {
  readonly evidence: { readonly kind: EvidenceKind; readonly reference: string; readonly givenAt: string }
}

export interface SentWithdrawal extends SentKey {
  readonly withdrawnAt?: string | null
  readonly reason?: string | null
}

/** What the records are judged by. */
export interface Surroundings {
  readonly families: Named<Family>
  readonly applications: Named<KnownApplication>
  /** The calling application; null for a person, who speaks for the school. */
  readonly caller: string | null
  readonly now: Date
}

const REASON_MAX = 500

class Findings {
  readonly faults: RecordFault[] = []

  add(code: ErrorCode, path: string): null {
    this.faults.push(recordFault(code, path))
    return null
  }
}

/** An application records what was consented to it, and nothing in another's name; a person names the application. */
function applicationOf(
  { application }: SentKey,
  { applications, caller }: Surroundings,
  found: Findings,
): KnownApplication | null {
  if (!application) return caller === null ? found.add('INPUT_INVALID', 'application') : applications.find({ id: caller })!
  const named = applications.find(application)
  if (named === undefined) return found.add('REFERENCE_INVALID', 'application')
  if (caller !== null && named?.id !== caller) return found.add('ACT_FORBIDDEN', 'application')
  return named ?? found.add('APPLICATION_NOT_AGREED', 'application')
}

interface NamedConsent extends ConsentKey {
  readonly family: Family
  readonly agreed: boolean
}

function named(sent: SentKey, around: Surroundings, found: Findings): NamedConsent | null {
  const family = around.families.find(sent.student)
  if (family === undefined) found.add('REFERENCE_INVALID', 'student')
  else if (family === null) found.add('STUDENT_NOT_FOUND', 'student')
  const application = applicationOf(sent, around, found)
  if ((sent.givenBy === 'GUARDIAN') !== (typeof sent.guardianId === 'string')) found.add('CONSENT_GIVER_INVALID', 'guardianId')
  if (!family || !application || found.faults.length > 0) return null
  const giverId = sent.guardianId?.toLowerCase() ?? family.id
  return {
    studentId: family.id,
    giverId,
    applicationId: application.id,
    purpose: sent.purpose,
    family,
    agreed: application.agreed,
  }
}

function judgeConsent(sent: SentConsent, around: Surroundings): Verdict<AcceptedConsent> {
  const found = new Findings()
  const { evidence, givenBy, purpose } = sent
  const reference = evidence.reference.normalize('NFC').trim()
  if (reference === '' || !isStorable(reference)) found.add('CONSENT_EVIDENCE_REQUIRED', 'evidence.reference')
  if (millis(evidence.givenAt) > around.now.getTime()) found.add('CONSENT_IN_FUTURE', 'evidence.givenAt')
  const key = named(sent, around, found)
  if (key === null) return { faults: found.faults }
  const { family, agreed, ...consent } = key
  const age = ageOn(family.birthDate, vietnamDay(new Date(evidence.givenAt)))
  if (!STUDYING.has(family.status)) found.add('STUDENT_NOT_FOUND', 'student')
  if (!agreed) found.add('APPLICATION_NOT_AGREED', 'application')
  if (givenBy === 'GUARDIAN' && !family.guardians.some(({ id }) => id === consent.giverId))
    found.add('GUARDIAN_NOT_OF_STUDENT', 'guardianId')
  else if (!mayGive(givenBy, purpose, age)) found.add('CONSENT_GIVER_INVALID', 'givenBy')
  if (found.faults.length > 0) return { faults: found.faults }
  return {
    accepted: {
      ...consent,
      givenBy,
      evidenceKind: evidence.kind,
      evidenceReference: reference,
      givenAt: evidence.givenAt,
      // By today's age: who has turned seven since speaks from now on.
      needsChild: needsChildBeside(givenBy, purpose, ageOn(family.birthDate, vietnamDay(around.now))),
      expectedVersion: sent.expectedVersion ?? null,
    },
  }
}

/** Consent is asked of those who are here; it can be taken back by whoever has left. */
const STUDYING: ReadonlySet<string> = new Set(['STUDYING', 'DEFERRED'])

function judgeWithdrawal(sent: SentWithdrawal, around: Surroundings): Verdict<AcceptedWithdrawal> {
  const found = new Findings()
  const reason = sent.reason?.normalize('NFC').trim() || null
  if (reason !== null && (reason.length > REASON_MAX || reason.includes('\0'))) found.add('INPUT_INVALID', 'reason')
  const withdrawnAt = sent.withdrawnAt ?? around.now.toISOString()
  if (millis(withdrawnAt) > around.now.getTime()) found.add('CONSENT_IN_FUTURE', 'withdrawnAt')
  const key = named(sent, around, found)
  if (key === null || found.faults.length > 0) return { faults: found.faults }
  const { family: _family, agreed: _agreed, ...consent } = key
  return { accepted: { ...consent, withdrawnAt, reason, expectedVersion: sent.expectedVersion ?? null } }
}

function each<S, A extends ConsentKey>(sent: readonly S[], judge: (one: S) => Verdict<A>): Verdict<A>[] {
  const seen = new Set<string>()
  return sent.map((one) => {
    const verdict = judge(one)
    if ('faults' in verdict) return verdict
    const key = consentKeyOf(verdict.accepted)
    if (seen.has(key)) return { faults: [recordFault('DUPLICATE_IN_BATCH', 'student')] }
    seen.add(key)
    return verdict
  })
}

export const validateConsents = (sent: readonly SentConsent[], around: Surroundings): Verdict<AcceptedConsent>[] =>
  each(sent, (one) => judgeConsent(one, around))

export const validateWithdrawals = (sent: readonly SentWithdrawal[], around: Surroundings): Verdict<AcceptedWithdrawal>[] =>
  each(sent, (one) => judgeWithdrawal(one, around))
