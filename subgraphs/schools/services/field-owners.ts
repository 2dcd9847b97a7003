// Which application owns which fields at a school: declared by the principal or the Sở, else by the kinds of the applications.
import type { BatchPayload } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError, recordFault } from '../../kernel/errors.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { settle } from '../../kernel/settle.ts'
import { cleanReason } from '../../kernel/text.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { FIELD_GROUPS, GROUP_NAMES, type GroupName } from '../roster/field-groups.ts'
import { ownerOf } from '../roster/ownership.ts'
import type { SchoolRef } from '../schema/inputs.ts'
import type { SetFieldOwnersInput } from '../schema/ownership-inputs.ts'
import type { FieldOwner } from '../schema/ownership-types.ts'
import * as sql from '../store/ownership-queries.ts'
import { keepFormer, LOCK_SCHOOL } from '../store/writing.ts'
import { payloadOf, refused, type Told } from '../../kernel/told.ts'
import { getSchool } from './lookup.ts'
import { productsAt } from './proposals.ts'

interface Line {
  readonly id: string
  readonly group: GroupName
  readonly ownerApplicationId: string
  readonly validFrom: string
  readonly validTo: string | null
  readonly reason: string
}

/** Every group with its owner of the day. Which products worked here on another day is the registry's to say, not this one's. */
async function ownersOn(context: SubgraphContext, tx: Transaction, schoolId: string, on: string | null): Promise<FieldOwner[]> {
  const today = vietnamDay(context.now())
  const lines = await tx.query<Line & Record<string, unknown>>(sql.OWNERS_DECLARED, [schoolId, on ?? today])
  const isToday = on === null || on === today
  const products = isToday ? await productsAt({ context, tx, schoolId }) : []
  return GROUP_NAMES.map((group) => {
    const line = lines.find((each) => each.group === group)
    const declared = line?.ownerApplicationId ?? null
    const ownership = isToday
      ? ownerOf(group, declared, products)
      : declared && { applicationId: declared, basis: 'DECLARED' as const }
    if (!ownership) return { group, application: null, basis: null, validFrom: null, validTo: null, reason: null }
    const told = ownership.basis === 'DECLARED' ? line! : null
    return {
      group,
      application: { id: ownership.applicationId },
      basis: ownership.basis,
      validFrom: told?.validFrom ?? null,
      validTo: told?.validTo ?? null,
      reason: told?.reason ?? null,
    }
  })
}

export async function listFieldOwners(context: SubgraphContext, ref: SchoolRef, on: string | null): Promise<FieldOwner[]> {
  const { id } = await getSchool(context, ref)
  return context.database.read(context, { scope: 'school.read', schools: [id] }, (tx) => ownersOn(context, tx, id, on))
}

/** The scope alone would let a slip in a commune’s account decide for the Sở. */
async function assertMayDeclare({ viewer, now }: SubgraphContext, tx: Transaction): Promise<void> {
  if (viewer.role !== 'AUTHORITY_OFFICER') return
  const [authority] = await tx.query<{ kind: string }>(sql.AUTHORITY_KIND, [viewer.authorityId, vietnamDay(now())])
  if (authority?.kind !== 'DEPARTMENT')
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'The principal or an officer of the Department of Education and Training decides this.',
      messageVi: 'Việc này do hiệu trưởng hoặc cán bộ Sở GD&ĐT quyết định.',
    })
}

type Verdict =
  | ReturnType<typeof refused>
  | { readonly status: 'UNCHANGED' }
  | { readonly status: 'CREATED' | 'UPDATED'; readonly applicationId: string | null; readonly reason: string }

export async function setFieldOwners(context: SubgraphContext, input: SetFieldOwnersInput): Promise<BatchPayload<FieldOwner>> {
  const batch = {
    schema: 'schools',
    scope: 'school.write',
    school: input.school,
    length: input.owners.length,
    body: { setFieldOwners: input },
  } as const
  const told = await writeBatch(context, batch, async (tx, schoolId): Promise<Told<FieldOwner>[]> => {
    await tx.query(LOCK_SCHOOL, [schoolId])
    await assertMayDeclare(context, tx)
    const products = await productsAt({ context, tx, schoolId })
    const lines = await tx.query<Line & Record<string, unknown>>(sql.OWNERS_IN_FORCE, [schoolId])
    const verdicts = settle<Verdict>(
      input.owners.map(({ group, applicationId, reason }): Verdict => {
        if (input.owners.filter((other) => other.group === group).length > 1) return refused('DUPLICATE_IN_BATCH', 'group')
        const why = cleanReason(reason)
        if (why === null) return refused('REASON_REQUIRED', 'reason')
        const id = applicationId ? uuidOf(applicationId) : null
        const mayWrite = products.some(
          (product) => product.applicationId === id && product.scopes.includes(FIELD_GROUPS[group].writeScope),
        )
        if (applicationId && !mayWrite) return refused('APPLICATION_NOT_AGREED', 'applicationId')
        const line = lines.find((each) => each.group === group)
        if ((line?.ownerApplicationId ?? null) === id) return { status: 'UNCHANGED' }
        return { status: line ? 'UPDATED' : 'CREATED', applicationId: id, reason: why }
      }),
      input.mode,
      { status: 'REJECTED', faults: [recordFault('BATCH_REJECTED', '')] },
    )
    await write(context, tx, schoolId, verdicts, input, lines)
    const owners = new Map((await ownersOn(context, tx, schoolId, null)).map((owner) => [owner.group, owner]))
    return verdicts.map((verdict, index) => ({
      status: verdict.status,
      entity: owners.get(input.owners[index]!.group) ?? null,
      faults: 'faults' in verdict ? verdict.faults : [],
    }))
  })
  return payloadOf(told)
}

async function write(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  verdicts: readonly Verdict[],
  { owners }: SetFieldOwnersInput,
  lines: readonly Line[],
): Promise<void> {
  const { accountId } = context.viewer
  const now = context.now()
  const at = now.toISOString()
  const changes = verdicts.flatMap((verdict, index) =>
    'reason' in verdict ? [{ ...verdict, id: uuidv7(now), group: owners[index]!.group }] : [],
  )
  if (changes.length === 0) return
  const event = (id: string, group: string, kind: ChangeEvent['event'], version: number): ChangeEvent => ({
    schoolId,
    entity: 'FieldOwner',
    entityId: id,
    naturalKey: group,
    event: kind,
    version,
  })
  const ending = lines.filter(({ group }) => changes.some((change) => change.group === group)).map(({ id }) => id)
  const events: ChangeEvent[] = []
  if (ending.length > 0) {
    await tx.query(keepFormer('field_owner'), [schoolId, 'FieldOwner', ending, at, context.viewer.applicationId, accountId])
    const ended = await tx.query<{ id: string; version: number; group: string }>(sql.END_OWNERS, [
      schoolId,
      vietnamDay(now),
      at,
      ending,
    ])
    events.push(...ended.map(({ id, version, group }) => event(id, group, 'UPDATE', version)))
  }
  const declared = changes.filter(({ applicationId }) => applicationId !== null)
  if (declared.length > 0) {
    await tx.query(sql.DECLARE_OWNERS, [
      schoolId,
      vietnamDay(now),
      accountId,
      at,
      declared.map(({ id }) => id),
      declared.map(({ group }) => group),
      declared.map(({ applicationId }) => applicationId),
      declared.map(({ reason }) => reason),
    ])
    events.push(...declared.map(({ id, group }) => event(id, group, 'NEW', 1)))
  }
  await appendChanges(context, tx, 'schools', events)
  await appendWriteAudit(context, tx, { fields: ['FieldOwner.application'], schools: [schoolId], students: [] })
}
