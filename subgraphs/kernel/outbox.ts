// The outbox and the audit record of a write: both stand in the transaction of the change, or the change does not stand.
import type { SubgraphContext } from './context.ts'
import { vietnamDay, type Transaction } from './database.ts'
import { notesOf, type Confirmed } from './freshness.ts'
import { uuidv7 } from './uuid.ts'

export interface ChangeEvent {
  readonly schoolId: string
  readonly entity: string
  readonly entityId: string
  /** How a reader who has not seen the record finds it: its natural key. */
  readonly naturalKey: string
  readonly event: 'NEW' | 'UPDATE' | 'CANCEL'
  readonly version: number
}

const TELL = (schema: string): string => `
insert into ${schema}.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
select e.school_id, $1, e.entity, e.entity_id, e.natural_key, e.event, e.version, $2
from unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::int[])
  as e (school_id, entity, entity_id, natural_key, event, version)`

const TELL_AND_NOTE = (schema: string): string => `
with told as (${TELL(schema)})
select access.note_records($9::uuid[], $10::text[], $11::int[], $12::int[], $13::int[], $2, $1, $14)`

const NOTE = `select access.note_records($3::uuid[], $4::text[], $5::int[], $6::int[], $7::int[], $2, $1, $8)`

/**
 * One statement for all events of the transaction, and for how fresh the records are after it. `confirmed` are records that stand
 * as they were sent: they tell the feed nothing. It comes last of what locks rows, so that batches of one school that run side by
 * side wait at its end only, and none for another in a circle.
 */
export async function appendChanges(
  context: SubgraphContext,
  tx: Transaction,
  schema: string,
  events: readonly ChangeEvent[],
  confirmed: readonly Confirmed[] = [],
): Promise<void> {
  const notes = notesOf(events, confirmed)
  if (events.length === 0 && notes.length === 0) return
  const now = context.now()
  const by = [now.toISOString(), context.viewer.applicationId]
  const told = [
    events.map((event) => event.schoolId),
    events.map((event) => event.entity),
    events.map((event) => event.entityId),
    events.map((event) => event.naturalKey),
    events.map((event) => event.event),
    events.map((event) => event.version),
  ]
  const noted = [
    notes.map(({ schoolId }) => schoolId),
    notes.map(({ kind }) => kind),
    notes.map(({ changed }) => changed),
    notes.map(({ told: asTold }) => asTold),
    notes.map(({ confirmed: records }) => records),
    vietnamDay(now),
  ]
  if (notes.length === 0) await tx.query(TELL(schema), [...by, ...told])
  else if (events.length === 0) await tx.query(NOTE, [...by, ...noted])
  else await tx.query(TELL_AND_NOTE(schema), [...by, ...told, ...noted])
}

export interface WriteRecord {
  /** What was written, as `Score.value`. */
  readonly fields: readonly string[]
  readonly schools: readonly string[]
  readonly students: readonly string[]
}

/** The audit record of a change, durable exactly when the change is. */
export async function appendWriteAudit(
  context: SubgraphContext,
  tx: Transaction,
  { fields, schools, students }: WriteRecord,
): Promise<void> {
  const { viewer } = context
  const event = {
    id: uuidv7(context.now()),
    at: context.now().toISOString(),
    kind: 'WRITE',
    request_id: viewer.requestId,
    client_id: viewer.clientId,
    application_id: viewer.applicationId,
    vendor_id: viewer.vendorId,
    account_id: viewer.accountId,
    party_name: viewer.displayName,
    operation_name: viewer.operationName,
    operation_hash: viewer.operationHash,
    operation_kind: 'mutation',
    fields,
    schools,
    student_ids: students,
    outcome: 'ALLOWED',
    error_codes: [],
  }
  await tx.query('select access.append_audit($1::jsonb)', [JSON.stringify([event])])
}
