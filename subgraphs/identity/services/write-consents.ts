// Recording and withdrawing consents: one batch of one school, in one transaction with everything that rests on them.
import { BatchStatus, summarize } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError, type RecordFault } from '../../kernel/errors.ts'
import type { Confirmed } from '../../kernel/freshness.ts'
import { appendChanges, appendWriteAudit } from '../../kernel/outbox.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { consentKeyOf, type ConsentKey, type StoredConsent } from '../consents/consent.ts'
import {
  changesOf,
  decideConsents,
  decideWithdrawals,
  withdrawalsThatFollow,
  type Change,
  type Decision,
} from '../consents/decide.ts'
import { ageOn, needsChildBeside } from '../consents/givers.ts'
import { Named, wordsOf } from '../../kernel/named.ts'
import {
  validateConsents,
  validateWithdrawals,
  type Family,
  type KnownApplication,
  type SentKey,
  type Surroundings,
} from '../consents/validate.ts'
import type { RecordConsentsInput, WithdrawConsentsInput } from '../schema/consent-inputs.ts'
import type { ConsentsPayload, ConsentWriteResult } from '../schema/consent-types.ts'
import { readFamilies, shapeConsent } from '../store/consent-loaders.ts'
import * as sql from '../store/consent-queries.ts'

const OF_CONSENTS = { schema: 'identity', scope: 'consent.write' } as const

/** The answer as it is kept for a retry. */
interface Receipt {
  readonly results: readonly {
    readonly status: `${BatchStatus}`
    readonly consent: StoredConsent | null
    readonly faults: readonly RecordFault[]
  }[]
}

type NamedStudent = Record<string, unknown> & { id: string; externalId: string | null }

/**
 * Whom the batch names. A consent can be taken back at any time, also for a pupil who has left the levels and school years of the
 * agreement since: from here on the transaction stands outside them, and finds of the others those who consented to the caller.
 */
async function namedStudents(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  sent: readonly SentKey[],
  withdrawing: boolean,
): Promise<NamedStudent[]> {
  const { applicationId: caller } = context.viewer
  const { id, code, externalId } = wordsOf(sent.map(({ student }) => student))
  const find = () => tx.query<NamedStudent>(sql.STUDENTS_NAMED, [[schoolId], caller, id, code, externalId])
  const within = await find()
  if (!withdrawing || caller === null || within.length >= id.length + code.length + externalId.length) return within
  await tx.query(sql.LEAVE_TERMS, [])
  const beyond = (await find()).filter((student) => !within.some((known) => known.id === student.id))
  if (beyond.length === 0) return within
  const consents = await tx.query<StoredConsent>(sql.CONSENTS_OF_PUPILS, [schoolId, beyond.map((student) => student.id)])
  return [...within, ...beyond.filter((student) => consents.some(({ studentId }) => studentId === student.id))]
}

/** The pupils of the batch, locked, with their families; the applications it names; and the consents that stand. */
async function surroundings(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  sent: readonly SentKey[],
  withdrawing: boolean,
): Promise<Surroundings & { readonly pupils: readonly Family[]; readonly standing: readonly StoredConsent[] }> {
  const { applicationId: caller } = context.viewer
  const now = context.now()
  const students = await namedStudents(context, tx, schoolId, sent, withdrawing)
  const studentIds = students.map((student) => student.id)
  const externalIds = new Map(students.map((student) => [student.id, student.externalId]))
  const families = await readFamilies(tx, schoolId, studentIds, true)
  const pupils = families.map((family) => ({ ...family, externalId: externalIds.get(family.id) ?? null }))
  const asked = wordsOf(sent.flatMap(({ application }) => (application ? [application] : [])))
  const applications = await tx.query<KnownApplication & Record<string, unknown>>(sql.APPLICATIONS_NAMED, [
    schoolId,
    caller === null ? asked.id : [caller],
    caller === null ? asked.code : [],
    vietnamDay(now),
  ])
  const standing = await tx.query<StoredConsent>(sql.CONSENTS_OF_PUPILS, [schoolId, studentIds])
  return { families: new Named(pupils), applications: new Named(applications), caller, now, pupils, standing }
}

/** The row that a change leaves behind. */
function rowOf(
  change: Change,
  now: Date,
): ConsentKey & Omit<StoredConsent, 'schoolId' | 'recordedAt' | 'recordedByApplicationId' | 'updatedAt'> {
  const version = (change.stored?.version ?? 0) + 1
  if (change.event === 'WITHDRAWN') return { ...change.stored, status: 'WITHDRAWN', withdrawnAt: change.at, version }
  const { needsChild: _needsChild, expectedVersion: _expectedVersion, ...given } = change.to
  return {
    ...given,
    id: change.stored?.id ?? uuidv7(now),
    status: 'GIVEN',
    withdrawnAt: change.stored?.withdrawnAt ?? null,
    version,
  }
}

async function upsert(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  changes: readonly Change[],
): Promise<Map<string, StoredConsent>> {
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const by = [schoolId, now.toISOString(), applicationId, accountId]
  const rows = changes.map((change) => rowOf(change, now))
  const written = await tx.query<StoredConsent>(sql.UPSERT_CONSENTS, [
    ...by,
    rows.map(({ id }) => id),
    rows.map(({ studentId }) => studentId),
    rows.map(({ givenBy }) => givenBy),
    rows.map(({ giverId }) => giverId),
    rows.map((row) => row.applicationId),
    rows.map(({ purpose }) => purpose),
    rows.map(({ status }) => status),
    rows.map(({ evidenceKind }) => evidenceKind),
    rows.map(({ evidenceReference }) => evidenceReference),
    rows.map(({ givenAt }) => givenAt),
    rows.map(({ withdrawnAt }) => withdrawnAt),
    rows.map(({ version }) => version),
  ])
  // The pupils are locked, so only somebody who wrote past that lock can bring this about.
  if (written.length !== rows.length) throw new PlatformError('VERSION_CONFLICT')
  await tx.query(sql.APPEND_CONSENT_EVENTS, [
    ...by,
    rows.map(({ id }) => id),
    rows.map(({ version }) => version),
    rows.map((row) => row.applicationId),
    changes.map(({ event }) => event),
    changes.map((change) => (change.event === 'WITHDRAWN' ? change.at : change.to.givenAt)),
    changes.map((change) => (change.event === 'WITHDRAWN' ? null : change.to.evidenceKind)),
    changes.map((change) => (change.event === 'WITHDRAWN' ? null : change.to.evidenceReference)),
    changes.map((change) => (change.event === 'WITHDRAWN' ? change.reason : null)),
  ])
  return new Map(written.map((consent) => [consentKeyOf(consent), consent]))
}

/** The consents, their history, the rows of other subgraphs that rest on them, the feed and the audit: one statement each. */
async function writeChanges(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  pupils: readonly Family[],
  changes: readonly Change[],
  decisions: readonly Decision[],
): Promise<Map<string, StoredConsent>> {
  const unchanged = decisions.filter(({ status }) => status === 'UNCHANGED').length
  const confirmed: Confirmed[] = [{ schoolId, entity: 'Consent', records: unchanged }]
  if (changes.length === 0) {
    await appendChanges(context, tx, 'identity', [], confirmed)
    return new Map()
  }
  const { applicationId } = context.viewer
  const now = context.now()
  const written = await upsert(context, tx, schoolId, changes)
  const consents = [...written.values()]
  const contactBook = [...new Set(consents.filter(({ purpose }) => purpose === 'CONTACT_BOOK').map(({ studentId }) => studentId))]
  if (contactBook.length > 0) {
    await tx.query(sql.APPLY_TO_GUARDIANS, [schoolId, contactBook, applicationId, now.toISOString()])
    await tx.query(sql.APPLY_TO_CONTACT_BOOK, [schoolId, contactBook, applicationId, now.toISOString(), vietnamDay(now)])
  }
  const health = [...new Set(consents.filter(({ purpose }) => purpose === 'HEALTH').map(({ studentId }) => studentId))]
  if (health.length > 0) await tx.query(sql.APPLY_TO_HEALTH, [schoolId, health, [], applicationId, now.toISOString()])
  const codes = new Map(pupils.map(({ id, code }) => [id, code]))
  await appendChanges(
    context,
    tx,
    'identity',
    consents.map((consent) => ({
      schoolId,
      entity: 'Consent',
      entityId: consent.id,
      naturalKey: `${codes.get(consent.studentId)}/${consent.giverId}/${consent.applicationId}/${consent.purpose}`,
      event: consent.version === 1 ? 'NEW' : 'UPDATE',
      version: consent.version,
    })),
    confirmed,
  )
  await appendWriteAudit(context, tx, {
    fields: ['Consent.status'],
    schools: [schoolId],
    students: [...new Set(consents.map(({ studentId }) => studentId))],
  })
  return written
}

const changeKeyOf = (change: Change): string => consentKeyOf(change.event === 'WITHDRAWN' ? change.stored : change.to)

function receiptOf(decisions: readonly Decision[], written: ReadonlyMap<string, StoredConsent>): Receipt {
  return {
    results: decisions.map((decision) => ({
      status: decision.status,
      consent: 'change' in decision ? written.get(changeKeyOf(decision.change))! : 'stored' in decision ? decision.stored : null,
      faults: 'faults' in decision ? decision.faults : [],
    })),
  }
}

function payloadOf(context: SubgraphContext, { results }: Receipt): ConsentsPayload {
  const statuses = results.map(({ status }) => BatchStatus[status])
  return {
    summary: summarize(statuses),
    results: results.map(({ consent, faults }, index): ConsentWriteResult => {
      if (consent) context.touched.students.add(consent.studentId)
      return { index, status: statuses[index]!, entity: consent && shapeConsent(consent), errors: [...faults] }
    }),
  }
}

export async function recordConsents(context: SubgraphContext, input: RecordConsentsInput): Promise<ConsentsPayload> {
  const { school, consents, mode } = input
  const batch = { ...OF_CONSENTS, school, length: consents.length, body: { recordConsents: input } }
  const receipt = await writeBatch(context, batch, async (tx, schoolId) => {
    const around = await surroundings(context, tx, schoolId, consents, false)
    const decisions = decideConsents(validateConsents(consents, around), around.standing, mode)
    return receiptOf(decisions, await writeChanges(context, tx, schoolId, around.pupils, changesOf(decisions), decisions))
  })
  return payloadOf(context, receipt)
}

export async function withdrawConsents(context: SubgraphContext, input: WithdrawConsentsInput): Promise<ConsentsPayload> {
  const { school, withdrawals, mode } = input
  const batch = { ...OF_CONSENTS, school, length: withdrawals.length, body: { withdrawConsents: input } }
  const receipt = await writeBatch(context, batch, async (tx, schoolId) => {
    const around = await surroundings(context, tx, schoolId, withdrawals, true)
    const decisions = decideWithdrawals(validateWithdrawals(withdrawals, around), around.standing, mode)
    const births = new Map(around.pupils.map(({ id, birthDate }) => [id, birthDate]))
    const today = vietnamDay(around.now)
    const asked = changesOf(decisions)
    const following = withdrawalsThatFollow(asked, around.standing, ({ givenBy, purpose, studentId }) =>
      needsChildBeside(givenBy, purpose, ageOn(births.get(studentId)!, today)),
    )
    return receiptOf(decisions, await writeChanges(context, tx, schoolId, around.pupils, [...asked, ...following], decisions))
  })
  return payloadOf(context, receipt)
}
