// What every change of rights shares: one effect for a retry, one transaction with its event and its audit record.
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay, type Opening, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { appendWriteAudit } from '../../kernel/outbox.ts'
import { isScope } from '../../kernel/scopes.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { nextState, type Transitions } from '../registry/transitions.ts'
import { beyond, findPeriodFault, type Period } from '../registry/terms.ts'
import { APPEND_SCHOOL_EVENT } from '../store/agreement-writing.ts'
import { APPEND_REGISTRY_EVENT, AUTHORITY_KIND } from '../store/registry-writing.ts'

/** One act: opened, done once for its idempotency key, committed with everything that must stand or fall with it. */
export function act<T>(
  context: SubgraphContext,
  opening: Opening,
  body: Readonly<Record<string, unknown>>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return context.database.write(context, opening, (tx) => once(context, tx, 'identity', body, () => work(tx)))
}

/** The state that the act leads to; refused with both states named, so that the caller sees what came in between. */
export function step<State extends string, Act extends string>(
  transitions: Transitions<State, Act>,
  from: State,
  done: Act,
): State {
  const to = nextState(transitions, from, done)
  if (to === null)
    throw new PlatformError('TRANSITION_ILLEGAL', {
      message: `${done} does not follow from ${from}.`,
      messageVi: `Không thể thực hiện ${done} khi đang ở trạng thái ${from}.`,
      state: from,
      act: done,
    })
  return to
}

export interface RegistryChange {
  readonly subject: 'VENDOR' | 'APPLICATION' | 'CREDENTIAL'
  readonly vendorId: string
  readonly applicationId?: string
  readonly act: string
  readonly from?: string
  readonly to?: string
  readonly reason?: string
  readonly decisionNumber?: string
  /** What was written, as `Application.status`. */
  readonly fields: readonly string[]
}

export async function recordRegistryChange(context: SubgraphContext, tx: Transaction, change: RegistryChange): Promise<void> {
  const { clientId, accountId, displayName } = context.viewer
  const now = context.now()
  await tx.query(APPEND_REGISTRY_EVENT, [
    uuidv7(now),
    now.toISOString(),
    change.subject,
    change.vendorId,
    change.applicationId ?? null,
    change.act,
    change.from ?? null,
    change.to ?? null,
    change.reason ?? null,
    change.decisionNumber ?? null,
    clientId,
    accountId,
    displayName,
  ])
  await appendWriteAudit(context, tx, { fields: change.fields, schools: [], students: [] })
}

export interface SchoolChange {
  readonly subject: 'AGREEMENT' | 'ACCOUNT'
  readonly schoolId: string
  readonly subjectId: string
  readonly applicationId?: string
  readonly act: string
  readonly from?: string
  readonly to?: string
  readonly version?: number
  readonly reason?: string
  readonly fields: readonly string[]
}

export async function recordSchoolChange(context: SubgraphContext, tx: Transaction, change: SchoolChange): Promise<void> {
  const { clientId, accountId, displayName } = context.viewer
  const now = context.now()
  await tx.query(APPEND_SCHOOL_EVENT, [
    change.schoolId,
    uuidv7(now),
    now.toISOString(),
    change.subject,
    change.subjectId,
    change.applicationId ?? null,
    change.act,
    change.from ?? null,
    change.to ?? null,
    change.version ?? null,
    change.reason ?? null,
    clientId,
    accountId,
    displayName,
  ])
  context.touched.schools.add(change.schoolId)
  await appendWriteAudit(context, tx, { fields: change.fields, schools: [change.schoolId], students: [] })
}

/** The officer’s authority is a Sở today. The scope alone would let a slip in a commune’s account decide for the province. */
export async function assertDepartment(context: SubgraphContext, tx: Transaction): Promise<void> {
  if (!(await isDepartment(context, tx)))
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'Only an officer of the Department of Education and Training decides this.',
      messageVi: 'Chỉ cán bộ Sở GD&ĐT được quyết định việc này.',
    })
}

export async function isDepartment({ viewer, now }: SubgraphContext, tx: Transaction): Promise<boolean> {
  if (viewer.authorityId === null || viewer.role !== 'AUTHORITY_OFFICER') return false
  const [authority] = await tx.query<{ kind: string }>(AUTHORITY_KIND, [viewer.authorityId, vietnamDay(now())])
  return authority?.kind === 'DEPARTMENT'
}

const SHORTEST = 3
const LONGEST = 1_000

// PostgreSQL refuses NUL in text, and no name, number or reason holds a control character but a line break.
const UNPRINTABLE = /(?!\n)\p{Cc}/u

export const isPlain = (text: string): boolean => text.isWellFormed() && !UNPRINTABLE.test(text)

/** Trimmed and composed (NFC): a reason is read by people for years. */
export function reasonOf(text: string, code: 'REASON_REQUIRED' | 'PURPOSE_REQUIRED', path: string): string {
  const said = text.normalize('NFC').trim()
  if (said.length < SHORTEST || said.length > LONGEST || !isPlain(said)) throw new PlatformError(code, { path: [path] })
  return said
}

/** A name, a number: one line of 1 to 300 characters. */
export function lineOf(text: string, path: string): string {
  const line = text.normalize('NFC').trim()
  if (line === '' || line.length > 300 || line.includes('\n') || !isPlain(line))
    throw new PlatformError('INPUT_INVALID', {
      path: [path],
      message: `${path} is one line of 1 to 300 characters.`,
      messageVi: `${path} là một dòng từ 1 đến 300 ký tự.`,
    })
  return line
}

export function scopesOf(names: readonly string[], path: string): string[] {
  const scopes = [...new Set(names)]
  if (scopes.length === 0) throw new PlatformError('SCOPES_REQUIRED', { path: [path] })
  const unknown = scopes.filter((name) => !isScope(name))
  if (unknown.length > 0) throw new PlatformError('SCOPE_UNKNOWN', { path: [path], scopes: unknown })
  return scopes
}

export function assertPeriod(context: SubgraphContext, period: Period): void {
  const fault = findPeriodFault(period, vietnamDay(context.now()))
  if (fault) throw new PlatformError('VALIDITY_INVALID', { path: ['validTo'], fault })
}

export function assertWithin(
  code: 'SCOPE_NOT_APPROVED' | 'SCOPE_NOT_REQUESTED',
  wanted: readonly string[],
  allowed: readonly string[],
): void {
  const scopes = beyond(wanted, allowed)
  if (scopes.length > 0) throw new PlatformError(code, { path: ['scopes'], scopes })
}
