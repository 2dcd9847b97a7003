// How the list of an application's documents is kept: registered, retired, and held as strictly as its vendor wants.
import { createHash } from 'node:crypto'
import { setImmediate as breath } from 'node:timers/promises'
import { BATCH_MAX, BatchStatus, summarize, type BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import type { CheckDocument, CheckedDocument } from '../../kernel/document-check.ts'
import { PlatformError, recordFault, type RecordFault } from '../../kernel/errors.ts'
import type { DocumentInput, RegisterDocumentsInput } from '../schema/document-inputs.ts'
import { DocumentMode, type KnownDocument } from '../schema/document-types.ts'
import type { ApplicationRef } from '../schema/inputs.ts'
import type { Application } from '../schema/types.ts'
import * as sql from '../store/document-queries.ts'
import { NO_SCHOOL, readRegistry } from '../store/loaders.ts'
import { act, reasonOf, recordRegistryChange } from './acts.ts'
import { freshApplication, lockOwnApplication } from './approvals.ts'
import { modeOfApplication } from './documents.ts'

const opening = { scope: 'identity.read', schools: NO_SCHOOL } as const

/** Judging one takes milliseconds; a release of a vendor has tens of them. */
const MOST_IN_BATCH = 100
const MOST_DOCUMENTS = 2_000
const MOST_CHARACTERS = 8_000_000

interface Judged {
  readonly hash: string
  readonly text: string
  readonly verdict: CheckedDocument & { ok: true }
}

/** The answer as it is kept for a retry: what was said of each, and by which hash it is found. */
interface Receipt {
  readonly applicationId: string
  readonly outcomes: readonly {
    readonly status: BatchStatus
    readonly hash: string | null
    readonly faults: readonly RecordFault[]
  }[]
}

export async function registerDocuments(
  context: SubgraphContext,
  { application: ref, documents }: RegisterDocumentsInput,
): Promise<BatchPayload<KnownDocument>> {
  assertLength(documents.length, MOST_IN_BATCH)
  const { checkDocument } = context
  if (!checkDocument) throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
  const receipt = await act(context, opening, { registerDocuments: [ref, documents] }, async (tx) => {
    // Whose it is comes first: nobody has documents judged for a list that is not theirs.
    const application = await lockOwnApplication(context, tx, ref)
    if (application.status === 'REVOKED')
      throw new PlatformError('TRANSITION_ILLEGAL', { state: application.status, act: 'REGISTER_DOCUMENTS' })
    const judged = await judge(documents, checkDocument)
    const outcomes = await write(context, tx, application, judged)
    return { applicationId: application.id, outcomes } satisfies Receipt
  })
  return payloadOf(context, receipt)
}

async function judge(documents: readonly DocumentInput[], check: CheckDocument): Promise<(Judged | RecordFault)[]> {
  const seen = new Set<string>()
  const judged: (Judged | RecordFault)[] = []
  for (const { text, documentId } of documents) {
    const hash = createHash('sha256').update(text).digest('hex')
    if (documentId && documentId !== `sha256:${hash}`) judged.push(recordFault('DOCUMENT_MISMATCH', 'documentId'))
    else if (seen.has(hash)) judged.push(recordFault('DUPLICATE_IN_BATCH', 'text'))
    else {
      seen.add(hash)
      const verdict = check(text)
      judged.push(verdict.ok ? { hash, text, verdict } : { path: 'text', ...verdict.fault })
      // A large document takes milliseconds, and others wait for this process too.
      await breath()
    }
  }
  return judged
}

async function write(
  context: SubgraphContext,
  tx: Transaction,
  application: { id: string; vendorId: string },
  judged: readonly (Judged | RecordFault)[],
): Promise<Receipt['outcomes']> {
  const good = judged.filter((each): each is Judged => 'hash' in each)
  const rows = await tx.query<{ hash: string; origin: string }>(sql.ORIGINS, [application.id, good.map(({ hash }) => hash)])
  const origins = new Map(rows.map(({ hash, origin }) => [hash, origin]))
  const fresh = good.filter(({ hash }) => origins.get(hash) !== 'REGISTERED')
  const size = await sizeOf(tx, application.id)
  if (fresh.length > 0) {
    const characters = fresh.reduce((sum, { text }) => sum + text.length, size.characters)
    if (size.documents + fresh.length > MOST_DOCUMENTS || characters > MOST_CHARACTERS)
      throw new PlatformError('DOCUMENTS_TOO_MANY', { documents: size.documents, characters: size.characters })
    const sent = fresh.map(({ hash, text, verdict: { names, neededScopes, depth, cost } }) => {
      return { hash, text, names, scopes: neededScopes, depth, cost }
    })
    const now = context.now().toISOString()
    await tx.query(sql.REGISTER_DOCUMENTS, [application.id, JSON.stringify(sent), now, context.viewer.displayName])
    await tx.query(sql.FORGET_UNKNOWN, [application.id, fresh.map(({ hash }) => hash)])
    await record(context, tx, application, {
      act: 'REGISTER_DOCUMENTS',
      from: String(size.documents),
      to: String(size.documents + fresh.length),
    })
    await tx.query(sql.ANNOUNCE_DOCUMENTS, [application.id])
  }
  return judged.map((each) => {
    if (!('hash' in each)) return { status: BatchStatus.REJECTED, hash: null, faults: [each] }
    const origin = origins.get(each.hash)
    const status = !origin ? BatchStatus.CREATED : origin === 'AUTOMATIC' ? BatchStatus.UPDATED : BatchStatus.UNCHANGED
    return { status, hash: each.hash, faults: [] }
  })
}

async function payloadOf(context: SubgraphContext, { applicationId, outcomes }: Receipt): Promise<BatchPayload<KnownDocument>> {
  const hashes = outcomes.flatMap(({ hash }) => (hash === null ? [] : [hash]))
  const rows = await readRegistry<KnownDocument & { hash: string }>(context, sql.KNOWN_DOCUMENTS, [applicationId, hashes])
  const byHash = new Map(rows.map((row) => [row.hash, row]))
  const results = outcomes.map(({ status, hash, faults }, index) => {
    return { index, status, entity: (hash && byHash.get(hash)) || null, errors: [...faults], warnings: [] }
  })
  return { summary: summarize(outcomes.map(({ status }) => status)), results, rootCauses: [] }
}

export async function retireDocuments(
  context: SubgraphContext,
  ref: ApplicationRef,
  documentIds: readonly string[],
  why: string,
): Promise<number> {
  assertLength(documentIds.length, BATCH_MAX)
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  // What is no id names no document of the list, as one that is not on it.
  const hashes = documentIds.flatMap((id) => /^sha256:([0-9a-f]{64})$/.exec(id)?.[1] ?? [])
  return act(context, opening, { retireDocuments: [ref, documentIds, why] }, async (tx) => {
    const application = await lockOwnApplication(context, tx, ref)
    const size = await sizeOf(tx, application.id)
    const gone = await tx.query<{ origin: string }>(sql.RETIRE_DOCUMENTS, [application.id, hashes])
    if (gone.length === 0) return 0
    const left = size.documents - gone.filter(({ origin }) => origin === 'REGISTERED').length
    if (left === 0 && (await modeOf(tx, application.id)) === 'ENFORCE') throw new PlatformError('DOCUMENTS_MISSING')
    await record(context, tx, application, {
      act: 'RETIRE_DOCUMENTS',
      from: String(size.documents),
      to: String(left),
      reason,
    })
    await tx.query(sql.ANNOUNCE_DOCUMENTS, [application.id])
    return gone.length
  })
}

export async function setDocumentMode(
  context: SubgraphContext,
  ref: ApplicationRef,
  mode: DocumentMode,
  why: string,
): Promise<Application> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  const id = await act(context, opening, { setDocumentMode: [ref, mode, why] }, async (tx) => {
    const application = await lockOwnApplication(context, tx, ref)
    const from = await modeOf(tx, application.id)
    if (application.status === 'REVOKED' || from === mode)
      throw new PlatformError('TRANSITION_ILLEGAL', {
        state: application.status === 'REVOKED' ? application.status : from,
        act: `DOCUMENTS_${mode}`,
      })
    if (mode === DocumentMode.ENFORCE && (await sizeOf(tx, application.id)).documents === 0)
      throw new PlatformError('DOCUMENTS_MISSING')
    const now = context.now().toISOString()
    await tx.query(sql.SET_DOCUMENT_MODE, [application.id, mode, now])
    await tx.query(sql.TOUCH_APPLICATION, [application.id, now])
    await record(context, tx, application, { act: `DOCUMENTS_${mode}`, from, to: mode, reason })
    await tx.query(sql.ANNOUNCE_CLIENTS, [application.id, now])
    return application.id
  })
  context.loaders.of(modeOfApplication).clear(id)
  return freshApplication(context, id)
}

function assertLength(length: number, most: number): void {
  if (length === 0) throw new PlatformError('BATCH_EMPTY')
  if (length > most)
    throw new PlatformError('BATCH_TOO_LONG', {
      message: `A batch takes at most ${most.toLocaleString('en-US')} documents. Split it.`,
      messageVi: `Mỗi lô tối đa ${most.toLocaleString('vi-VN')} tài liệu. Hãy chia nhỏ.`,
    })
}

async function sizeOf(tx: Transaction, applicationId: string): Promise<{ documents: number; characters: number }> {
  const [size] = await tx.query<{ documents: number; characters: number }>(sql.SIZE_OF_LIST, [applicationId])
  return size!
}

async function modeOf(tx: Transaction, applicationId: string): Promise<string> {
  const [policy] = await tx.query<{ mode: string }>(sql.DOCUMENT_MODES, [[applicationId]])
  return policy?.mode ?? 'OFF'
}

function record(
  context: SubgraphContext,
  tx: Transaction,
  { id, vendorId }: { id: string; vendorId: string },
  change: { act: string; from: string; to: string; reason?: string },
): Promise<void> {
  return recordRegistryChange(context, tx, {
    subject: 'APPLICATION',
    vendorId,
    applicationId: id,
    fields: [change.act.startsWith('DOCUMENTS_') ? 'Application.documentMode' : 'KnownDocument.text'],
    ...change,
  })
}
