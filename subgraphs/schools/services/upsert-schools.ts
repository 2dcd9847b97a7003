// Schools are written by authorities: the Sở founds, closes, merges and hands over; a commune keeps those it manages.
import { assertBatchSize, BatchStatus, summarize, type BatchPayload, type RecordError } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { appendChanges, appendWriteAudit } from '../../kernel/outbox.ts'
import { rootCauses, type Cause, type Fault } from '../../kernel/root-causes.ts'
import { isStorable } from '../../kernel/text.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { decide, type Change, type Word } from '../roster/decide.ts'
import {
  judgeSchool,
  type OfficeInForce,
  type SchoolEffect,
  type SchoolsAround,
  type StoredSchool,
} from '../roster/school-rules.ts'
import type { UpsertSchoolsInput } from '../schema/school-inputs.ts'
import type { School } from '../schema/types.ts'
import { schoolById } from '../store/loaders.ts'
import * as sql from '../store/school-writing.ts'

interface Receipt {
  readonly results: readonly {
    readonly status: `${BatchStatus}`
    readonly id: string | null
    readonly faults: readonly RecordError[]
    readonly warnings: readonly RecordError[]
  }[]
  readonly rootCauses: readonly Cause[]
}

type Row = Record<string, Word> & { readonly id: string; readonly version: number; readonly code: string }
type SchoolChange = Change<StoredSchool, SchoolEffect> & { readonly id: string; readonly version: number }

const wordsIn = ({ schools }: UpsertSchoolsInput): string[] => [
  ...new Set(schools.flatMap(({ code, formerCodes }) => [code, ...(formerCodes ?? [])]).filter(isStorable)),
]

/** What the office may name and who holds which code, everything held until the batch ends. */
async function aroundOf(context: SubgraphContext, tx: Transaction, input: UpsertSchoolsInput): Promise<SchoolsAround> {
  const today = vietnamDay(context.now())
  await tx.query(sql.LOCK_PROVINCE, [])
  // What the batch before this one founded or handed over, it did after this transaction had opened.
  const [open] = await tx.query<{ schools: string[] }>(sql.OPEN_AGAIN, [context.viewer.accountId, today])
  const offices = await tx.query<OfficeInForce & Record<string, unknown>>(sql.AUTHORITIES_IN_FORCE, [])
  const inForce = ({ validFrom, validTo }: OfficeInForce): boolean => validFrom <= today && (validTo === null || today <= validTo)
  const office = offices.find((one) => one.id === context.viewer.authorityId && inForce(one))
  const department = offices.find((one) => one.kind === 'DEPARTMENT' && inForce(one))
  if (!office || !department) throw new PlatformError('ACT_FORBIDDEN')
  const taken = await tx.query<{ code: string; school: string }>(sql.CODES_TAKEN, [wordsIn(input)])
  const ids = input.schools.flatMap(({ id }) => (id && isUuid(id) ? [id.toLowerCase()] : []))
  const named = [...new Set([...ids, ...taken.map(({ school }) => school)])].filter((id) => open!.schools.includes(id))
  const rows = await tx.query<Row>(sql.SCHOOLS_AT_HAND, [named, office.id, today])
  return {
    today,
    office,
    department,
    offices,
    holders: new Map(taken.map(({ code, school }) => [code, school])),
    schools: new Map(
      rows.map(({ id, version, code, managedBy, managedFrom, isManagedToday, ...values }) => [
        id,
        {
          id,
          version,
          code,
          externalId: null,
          managedBy: managedBy as string | null,
          managedFrom: managedFrom as string | null,
          isManagedToday: isManagedToday === true,
          values: { code, ...values },
        },
      ]),
    ),
  }
}

/** Who oversees comes first: a new school is open to its founder by what stands there, as to everybody. */
async function writeOversight(
  context: SubgraphContext,
  tx: Transaction,
  { department, today }: SchoolsAround,
  changes: readonly SchoolChange[],
): Promise<void> {
  const passed = changes.flatMap(({ id, effect }) => (effect!.handover ? [{ id, ...effect!.handover }] : []))
  const founded = changes.filter(({ stored }) => stored === null)
  if (passed.length === 0 && founded.length === 0) return
  await tx.query(sql.END_MANAGING, [passed.map(({ id }) => id), passed.map(({ from }) => from)])
  const rows = [
    ...founded.map(({ id, values }) => {
      const from = String(values.valid_from ?? today)
      return { authorityId: department.id, id, kind: 'PROFESSIONAL', from: from < today ? from : today }
    }),
    ...passed.map((one) => ({ ...one, kind: 'MANAGING' })),
  ]
  await tx.query(sql.OVERSEE, [
    rows.map(({ authorityId }) => authorityId),
    rows.map(({ id }) => id),
    rows.map(({ kind }) => kind),
    rows.map(({ from }) => from),
  ])
  if (founded.length > 0) await tx.query(sql.OPEN_AGAIN, [context.viewer.accountId, today])
}

async function writeChanges(
  context: SubgraphContext,
  tx: Transaction,
  around: SchoolsAround,
  changes: readonly SchoolChange[],
): Promise<void> {
  const at = context.now().toISOString()
  await writeOversight(context, tx, around, changes)
  const ids = changes.map(({ id }) => id)
  await tx.query(sql.KEEP_FORMER_SCHOOLS, [ids, at, context.viewer.accountId])
  const column = (name: string): Word[] => changes.map(({ values }) => values[name] ?? null)
  await tx.query(sql.UPSERT_SCHOOLS, [
    at,
    ids,
    changes.map(({ version }) => version),
    column('code'),
    column('name'),
    column('name_en'),
    column('levels'),
    column('ownership'),
    column('commune_code'),
    column('address'),
    column('valid_from'),
    column('valid_to'),
  ])
  await tx.query(sql.RETIRE_CODES, [ids])
  const codes = changes.flatMap(({ id, values, effect }) => [
    ...effect!.aliases.map((code) => ({ code, current: false, id })),
    { code: String(values.code), current: true, id },
  ])
  await tx.query(sql.UPSERT_CODES, [
    codes.map(({ code }) => code),
    codes.map(({ current }) => current),
    codes.map(({ id }) => id),
  ])
  await appendChanges(
    context,
    tx,
    'schools',
    changes.map(({ id, key, version, status }) => ({
      schoolId: id,
      entity: 'School',
      entityId: id,
      naturalKey: key,
      event: status === 'CREATED' ? 'NEW' : 'UPDATE',
      version,
    })),
  )
  await appendWriteAudit(context, tx, {
    fields: ['School.code', 'School.name', 'School.levels', 'School.managingAuthority'],
    schools: ids,
    students: [],
  })
}

async function write(context: SubgraphContext, tx: Transaction, input: UpsertSchoolsInput): Promise<Receipt> {
  const around = await aroundOf(context, tx, input)
  const decisions = decide(
    input.schools.map((sent) => judgeSchool(sent, around)),
    input.mode,
  )
  const now = context.now()
  const changes = decisions.flatMap((decision): SchoolChange[] =>
    decision.status === 'CREATED' || decision.status === 'UPDATED'
      ? [{ ...decision, id: decision.stored?.id ?? uuidv7(now), version: (decision.stored?.version ?? 0) + 1 }]
      : [],
  )
  if (changes.length > 0) await writeChanges(context, tx, around, changes)
  const written = new Map(changes.map((change) => [change.key, change.id]))
  const told = (faults: readonly Fault[]): RecordError[] => faults.map(({ about: _about, ...fault }) => fault)
  return {
    results: decisions.map((decision) => ({
      status: decision.status,
      id: decision.stored?.id ?? (decision.status === 'CREATED' ? written.get(decision.key)! : null),
      faults: told(decision.faults),
      warnings: told(decision.warnings),
    })),
    rootCauses: rootCauses(
      decisions.map(({ faults }) => faults),
      new Set(),
    ),
  }
}

export async function upsertSchools(context: SubgraphContext, input: UpsertSchoolsInput): Promise<BatchPayload<School>> {
  assertBatchSize(input.schools.length)
  const receipt = await context.database.write(context, { scope: 'school.write', schools: null }, (tx) =>
    once(context, tx, 'schools', { upsertSchools: input }, () => write(context, tx, input)),
  )
  // Read under the caller's own rights, after the commit.
  const results = await Promise.all(
    receipt.results.map(async ({ status, id, faults, warnings }, index) => ({
      index,
      status: BatchStatus[status],
      entity: id === null ? null : await context.loaders.of(schoolById).load(id),
      errors: [...faults],
      warnings: [...warnings],
    })),
  )
  return { summary: summarize(results.map(({ status }) => status)), results, rootCauses: [...receipt.rootCauses] }
}
