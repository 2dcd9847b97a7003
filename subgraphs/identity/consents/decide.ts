// What becomes of each record of a batch of consents or withdrawals, and which changes follow from it.
import { recordFault, type ErrorCode, type RecordFault } from '../../kernel/errors.ts'
import { settle, type Mode } from '../../kernel/settle.ts'
import {
  consentKeyOf,
  millis,
  type AcceptedConsent,
  type AcceptedWithdrawal,
  type ConsentKey,
  type StoredConsent,
  type Verdict,
} from './consent.ts'

export type Change =
  | { readonly event: 'GIVEN' | 'RENEWED'; readonly to: AcceptedConsent; readonly stored: StoredConsent | null }
  | { readonly event: 'WITHDRAWN'; readonly at: string; readonly reason: string | null; readonly stored: StoredConsent }

export type Decision =
  | { readonly status: 'CREATED' | 'UPDATED'; readonly change: Change }
  | { readonly status: 'UNCHANGED'; readonly stored: StoredConsent }
  | { readonly status: 'CONFLICT'; readonly stored: StoredConsent | null; readonly faults: readonly RecordFault[] }
  | { readonly status: 'REJECTED'; readonly faults: readonly RecordFault[] }

type Stored = ReadonlyMap<string, StoredConsent>

const rejected = (code: ErrorCode, path: string): Decision => ({ status: 'REJECTED', faults: [recordFault(code, path)] })
const byKey = (consents: readonly StoredConsent[]): Stored => new Map(consents.map((consent) => [consentKeyOf(consent), consent]))
const fails = ({ status }: Decision): boolean => status === 'REJECTED' || status === 'CONFLICT'

/** The child's own consent beside which a guardian's stands. */
const childKeyOf = (key: ConsentKey): string => consentKeyOf({ ...key, giverId: key.studentId })

function conflict(expected: number | null, stored: StoredConsent | null): Decision | null {
  if (expected === null || expected === (stored?.version ?? 0)) return null
  return { status: 'CONFLICT', stored, faults: [recordFault('VERSION_CONFLICT', 'expectedVersion')] }
}

function decideConsent(consent: AcceptedConsent, stored: StoredConsent | null): Decision {
  const stale = conflict(consent.expectedVersion, stored)
  if (stale) return stale
  if (stored === null) return { status: 'CREATED', change: { event: 'GIVEN', to: consent, stored } }
  const same =
    stored.evidenceKind === consent.evidenceKind &&
    stored.evidenceReference === consent.evidenceReference &&
    millis(stored.givenAt) === millis(consent.givenAt)
  if (stored.status === 'GIVEN' && same) return { status: 'UNCHANGED', stored }
  // A product that sends September's forms again in November must not undo October's withdrawal.
  if (stored.withdrawnAt !== null && millis(consent.givenAt) <= millis(stored.withdrawnAt))
    return rejected('CONSENT_WITHDRAWN_SINCE', 'evidence.givenAt')
  return { status: 'UPDATED', change: { event: stored.status === 'GIVEN' ? 'RENEWED' : 'GIVEN', to: consent, stored } }
}

const settled = (decisions: readonly Decision[], mode: Mode): readonly Decision[] =>
  settle(decisions, mode, rejected('BATCH_REJECTED', ''))

export function decideConsents(
  verdicts: readonly Verdict<AcceptedConsent>[],
  standing: readonly StoredConsent[],
  mode: Mode,
): readonly Decision[] {
  const stored = byKey(standing)
  const first = verdicts.map((verdict): Decision =>
    'faults' in verdict
      ? { status: 'REJECTED', faults: verdict.faults }
      : decideConsent(verdict.accepted, stored.get(consentKeyOf(verdict.accepted)) ?? null),
  )
  // The child's consent may come in the same batch as the guardian's, before it or after it.
  const given = new Set(standing.filter(({ status }) => status === 'GIVEN').map(consentKeyOf))
  for (const decision of first)
    if ('change' in decision && decision.change.event !== 'WITHDRAWN') given.add(consentKeyOf(decision.change.to))
  const decisions = first.map((decision, index) => {
    const verdict = verdicts[index]!
    if (fails(decision) || 'faults' in verdict || !verdict.accepted.needsChild) return decision
    return given.has(childKeyOf(verdict.accepted)) ? decision : rejected('CHILD_CONSENT_REQUIRED', 'givenBy')
  })
  return settled(decisions, mode)
}

function decideWithdrawal(withdrawal: AcceptedWithdrawal, stored: StoredConsent | null): Decision {
  if (stored === null) return rejected('CONSENT_NOT_FOUND', '')
  const stale = conflict(withdrawal.expectedVersion, stored)
  if (stale) return stale
  if (stored.status === 'WITHDRAWN') return { status: 'UNCHANGED', stored }
  const { withdrawnAt: at, reason } = withdrawal
  if (millis(at) < millis(stored.givenAt)) return rejected('CONSENT_GIVEN_SINCE', 'withdrawnAt')
  return { status: 'UPDATED', change: { event: 'WITHDRAWN', at, reason, stored } }
}

export function decideWithdrawals(
  verdicts: readonly Verdict<AcceptedWithdrawal>[],
  standing: readonly StoredConsent[],
  mode: Mode,
): readonly Decision[] {
  const stored = byKey(standing)
  const decisions = verdicts.map((verdict): Decision =>
    'faults' in verdict
      ? { status: 'REJECTED', faults: verdict.faults }
      : decideWithdrawal(verdict.accepted, stored.get(consentKeyOf(verdict.accepted)) ?? null),
  )
  return settled(decisions, mode)
}

export function changesOf(decisions: readonly Decision[]): Change[] {
  return decisions.flatMap((decision) => ('change' in decision ? [decision.change] : []))
}

/**
 * What a child takes back no guardian keeps up: when a child under 16 withdraws a consent that was needed beside a guardian's,
 * the guardians' end with it, in the same transaction.
 */
export function withdrawalsThatFollow(
  changes: readonly Change[],
  standing: readonly StoredConsent[],
  needsChild: (consent: StoredConsent) => boolean,
): Change[] {
  const withdrawn = new Map(
    changes.flatMap((change) =>
      change.event === 'WITHDRAWN' && change.stored.givenBy === 'STUDENT'
        ? [[consentKeyOf(change.stored), change.at] as const]
        : [],
    ),
  )
  if (withdrawn.size === 0) return []
  const already = new Set(changes.map((change) => consentKeyOf(change.event === 'WITHDRAWN' ? change.stored : change.to)))
  return standing.flatMap((stored): Change[] => {
    const at = withdrawn.get(childKeyOf(stored))
    const follows = at !== undefined && stored.status === 'GIVEN' && !already.has(consentKeyOf(stored)) && needsChild(stored)
    // Not before it was given: the child may have taken back an older consent than the guardian's is.
    return follows
      ? [
          {
            event: 'WITHDRAWN',
            at: millis(at) < millis(stored.givenAt) ? stored.givenAt : at,
            reason: 'STUDENT_WITHDREW',
            stored,
          },
        ]
      : []
  })
}
