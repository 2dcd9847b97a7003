// The batches of the contact book: many keys, one query, opened under the scope of the field that asks.
import {
  defineBatch,
  groupedByKey,
  idsOf,
  inKeyOrder,
  schoolKeyOf,
  schoolsOf,
  type BatchLoad,
  type SchoolKey,
  type SubgraphContext,
} from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import type { Scope } from '../../kernel/scopes.ts'
import type { MessageCategory } from '../schema/enums.ts'
import type { Brandname, ContactBookPlan, Message, ContactBookSubscription } from '../schema/types.ts'
import * as sql from './queries.ts'

/** The fields take either scope: the transaction acts under the one that the caller holds. */
const scopeOf = ({ viewer }: SubgraphContext): Scope =>
  viewer.scopes.includes('message.read') ? 'message.read' : 'message.supervise'

function open<T>(context: SubgraphContext, schools: readonly string[], work: (tx: Transaction) => Promise<T>): Promise<T> {
  return context.database.read(context, { scope: scopeOf(context), schools }, work)
}

function ofSchool<R extends { schoolId: string }>(text: string): BatchLoad<string, R[]> {
  return defineBatch(
    (schoolId) => schoolId,
    (context, schoolIds) =>
      open(context, schoolIds, async (tx) => {
        const rows = await tx.query<R & Record<string, unknown>>(text, [tx.schools])
        return groupedByKey<string, R>(
          schoolIds,
          rows,
          (id) => id,
          (row) => row.schoolId,
        )
      }),
  )
}

export const plansOfSchool = ofSchool<ContactBookPlan>(sql.PLANS_OF_SCHOOLS)
export const brandnamesOfSchool = ofSchool<Brandname>(sql.BRANDNAMES_OF_SCHOOLS)

export const planByKey = defineBatch<SchoolKey, ContactBookPlan | null>(schoolKeyOf, (context, keys) =>
  open(context, schoolsOf(keys), async (tx) => {
    const rows = await tx.query<ContactBookPlan & Record<string, unknown>>(sql.PLANS_BY_ID, [tx.schools, idsOf(keys)])
    return inKeyOrder(keys, rows, schoolKeyOf, schoolKeyOf)
  }),
)

const studentKeyOf = ({ schoolId, studentId }: { schoolId: string; studentId: string }): string => `${schoolId}/${studentId}`

export const subscriptionOfStudent = defineBatch<SchoolKey, ContactBookSubscription | null>(schoolKeyOf, (context, keys) =>
  open(context, schoolsOf(keys), async (tx) => {
    const rows = await tx.query<ContactBookSubscription & Record<string, unknown>>(sql.SUBSCRIPTIONS_OF_STUDENTS, [
      tx.schools,
      idsOf(keys),
    ])
    for (const { studentId } of rows) context.touched.students.add(studentId)
    return inKeyOrder(keys, rows, schoolKeyOf, studentKeyOf)
  }),
)

/** A pupil and which of their messages. */
export interface MessageKey extends SchoolKey {
  readonly first: number
  readonly category: MessageCategory | null
}

/** Pupils of one school asked for alike share one query: a class page is one. */
const askedOf = ({ schoolId, first, category }: MessageKey): string => `${schoolId} ${first} ${category ?? ''}`
const messageKeyOf = (key: MessageKey): string => `${key.id} ${askedOf(key)}`

async function messagesAskedAlike(context: SubgraphContext, alike: readonly MessageKey[]): Promise<Message[][]> {
  const { schoolId, first, category } = alike[0]!
  const ids = idsOf(alike)
  const opening = { scope: scopeOf(context), schools: [schoolId] }
  const asked = { text: sql.MESSAGES_OF_STUDENTS, values: () => [schoolId, ids, category, first] }
  const { rows } = await context.database.readRows<Message & Record<string, unknown>>(context, opening, asked)
  for (const { studentId } of rows) context.touched.students.add(studentId)
  return groupedByKey<MessageKey, Message>(alike, rows, schoolKeyOf, studentKeyOf)
}

export const messagesOfStudent = defineBatch<MessageKey, Message[]>(messageKeyOf, async (context, keys) => {
  const answers = new Map<string, Message[]>()
  for (const alike of Map.groupBy(keys, askedOf).values()) {
    const messages = await messagesAskedAlike(context, alike)
    messages.forEach((each, index) => answers.set(messageKeyOf(alike[index]!), each))
  }
  return keys.map((key) => answers.get(messageKeyOf(key)) ?? [])
})
