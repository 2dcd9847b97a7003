// A write to a field that another application owns: taken back from the batch and kept as a proposal, once.
import { vietnamDay } from '../../kernel/database.ts'
import type { ChangeEvent } from '../../kernel/outbox.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Decision, Judged, Stored, Withheld } from '../../kernel/records/decide.ts'
import { groupsOf, type GroupName } from '../roster/field-groups.ts'
import { ownerOf, proposalTo, withhold, type KnownProposal, type Ownership, type Product } from '../roster/ownership.ts'
import * as sql from '../store/ownership-queries.ts'
import type { Desk } from './roster-batch.ts'

export const productsAt = ({ context, tx, schoolId }: Pick<Desk, 'context' | 'tx' | 'schoolId'>): Promise<Product[]> =>
  tx.query<Product & Record<string, unknown>>(sql.PRODUCTS_AT, [schoolId, vietnamDay(context.now())])

/** Who owns which of these groups at the school today. */
export async function ownersAt(
  desk: Pick<Desk, 'context' | 'tx' | 'schoolId'>,
  groups: readonly GroupName[],
): Promise<ReadonlyMap<GroupName, Ownership | null>> {
  const { context, tx, schoolId } = desk
  const products = await productsAt(desk)
  const declared = await tx.query<{ group: GroupName; ownerApplicationId: string }>(sql.OWNERS_DECLARED, [
    schoolId,
    vietnamDay(context.now()),
  ])
  return new Map(
    groups.map((group) => [
      group,
      ownerOf(group, declared.find((line) => line.group === group)?.ownerApplicationId ?? null, products),
    ]),
  )
}

/** A person who keeps the roster decides such conflicts, and writes what they see fit, whichever product they use. */
export async function withheldFromOthers<S extends Stored, E>(
  desk: Desk,
  entity: string,
  judged: readonly Judged<S, E>[],
): Promise<readonly Judged<S, E>[]> {
  const { applicationId, accountId } = desk.context.viewer
  const groups = groupsOf(entity)
  const changesSome = judged.some(({ stored, values }) => stored !== null && values !== null)
  if (applicationId === null || accountId !== null || groups.length === 0 || !changesSome) return judged
  const owners = await ownersAt(desk, groups)
  return judged.map((one) => withhold(one, entity, (group) => owners.get(group)?.applicationId ?? null, applicationId))
}

type Aside = { readonly stored: Stored; readonly key: string; readonly withheld: readonly Withheld[] }

const asideOf = <S extends Stored, E>(decision: Decision<S, E>): Aside[] =>
  'withheld' in decision && decision.stored && decision.withheld.length > 0
    ? [{ stored: decision.stored, key: decision.key, withheld: decision.withheld }]
    : []

export const proposedFor = <S extends Stored, E>(decision: Decision<S, E>): string[] =>
  asideOf(decision).map(({ stored }) => stored.studentId ?? stored.id)

/** Keeps what was withheld; answers its events for the feed. */
export async function recordProposals<S extends Stored, E>(
  { context, tx, schoolId }: Desk,
  entity: string,
  decisions: readonly Decision<S, E>[],
): Promise<readonly ChangeEvent[]> {
  const aside = decisions.flatMap(asideOf)
  if (aside.length === 0) return []
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const rows = await tx.query<KnownProposal & { entityId: string; field: string } & Record<string, unknown>>(sql.PROPOSALS_OF, [
    schoolId,
    aside.map(({ stored }) => stored.id),
    applicationId,
  ])
  const known = Map.groupBy(rows, ({ entityId, field }) => `${entityId}/${field}`)
  const verdicts = aside.flatMap(({ stored, key, withheld }) =>
    withheld.map((one) => ({
      one,
      stored,
      key: `${entity}/${key}/${one.field}`,
      naturalKey: key,
      verdict: proposalTo(one, known.get(`${stored.id}/${one.field}`) ?? []),
    })),
  )
  const event = (id: string, naturalKey: string, version: number): ChangeEvent => ({
    schoolId,
    entity: 'FieldConflict',
    entityId: id,
    naturalKey,
    event: version === 1 ? 'NEW' : 'UPDATE',
    version,
  })
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
  const events: ChangeEvent[] = []
  const news = verdicts.filter(({ verdict }) => verdict === 'NEW').map((each) => ({ ...each, id: uuidv7(now) }))
  if (news.length > 0) {
    await tx.query(sql.PROPOSE, [
      schoolId,
      entity,
      applicationId,
      accountId,
      now.toISOString(),
      news.map(({ id }) => id),
      news.map(({ stored }) => stored.id),
      news.map(({ naturalKey }) => naturalKey),
      news.map(({ one }) => one.group),
      news.map(({ one }) => one.field),
      news.map(({ one }) => json(one.former)),
      news.map(({ one }) => json(one.proposed)),
      news.map(({ one }) => json(one.effect)),
      news.map(({ one }) => one.ownerApplicationId),
    ])
    events.push(...news.map(({ id, key }) => event(id, key, 1)))
  }
  const anew = verdicts.flatMap(({ verdict, ...each }) => (typeof verdict === 'string' ? [] : [{ ...each, id: verdict.id }]))
  if (anew.length > 0) {
    const changed = await tx.query<{ id: string; version: number }>(sql.PROPOSE_ANEW, [
      schoolId,
      accountId,
      now.toISOString(),
      anew.map(({ id }) => id),
      anew.map(({ one }) => json(one.former)),
      anew.map(({ one }) => json(one.proposed)),
      anew.map(({ one }) => json(one.effect)),
      anew.map(({ one }) => one.ownerApplicationId),
    ])
    const keys = new Map(anew.map(({ id, key }) => [id, key]))
    events.push(...changed.map(({ id, version }) => event(id, keys.get(id)!, version)))
  }
  return events
}
