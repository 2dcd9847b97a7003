// The outbox and the audit record of a write: both stand in the transaction of the change, or the change does not stand.
import type { SubgraphContext } from './context.ts'
import type { Transaction } from './database.ts'
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

/** One statement for all events of the transaction. */
export async function appendChanges(
  context: SubgraphContext,
  tx: Transaction,
  schema: string,
  events: readonly ChangeEvent[],
): Promise<void> {
  if (events.length === 0) return
  await tx.query(
    `insert into ${schema}.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
     select e.school_id, $7, e.entity, e.entity_id, e.natural_key, e.event, e.version, $8
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::int[])
       as e (school_id, entity, entity_id, natural_key, event, version)`,
    [
      events.map((event) => event.schoolId),
      events.map((event) => event.entity),
      events.map((event) => event.entityId),
      events.map((event) => event.naturalKey),
      events.map((event) => event.event),
      events.map((event) => event.version),
      context.now().toISOString(),
      context.viewer.applicationId,
    ],
  )
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
