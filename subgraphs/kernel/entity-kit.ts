// What the storage entities of all subgraphs share: column types, the envelope of a record, and the tables every writer has.
//
// The entities describe the tables that the migrations made, so that MikroORM can compare the two; the migrations are
// what makes them. Policies, checks, partitions and indexes stand in the migrations alone.
import { defineEntity, p } from '@mikro-orm/core'

/** An instant, to the microsecond, as text with its offset: a Date would cut it to milliseconds. */
export const instant = () => p.type('string').columnType('timestamptz')
export const uuids = () => p.array<string>().columnType('uuid[]')
export const texts = () => p.array<string>().columnType('text[]')

/** Key of a record that belongs to a school. */
export const schoolKey = () => ({ schoolId: p.uuid().primary(), id: p.uuid().primary() })

/** Envelope of a record: its version rises by one with each accepted change. */
export const envelope = () => ({ version: p.integer().default(1), updatedAt: instant() })

/**
 * A reference inside a school: the foreign key carries the school's own column, so no row points into another school.
 * MikroORM would cascade updates of a composite key, which a distributed table refuses; the school of a row never changes.
 */
export function ofSchool<Target extends { '~entity': object }>(target: Target, column: string, foreignKey: string) {
  return p
    .manyToOne(target)
    .joinColumns('school_id', column)
    .ownColumns(column)
    .foreignKeyName(foreignKey)
    .updateRule('no action')
}

/** `outboxTable` of the migrations. */
export function outboxEntity<const S extends string>(schema: S) {
  return defineEntity({
    name: `${schema}.OutboxEvent`,
    tableName: 'outbox',
    schema,
    indexes: [{ name: 'outbox_in_commit_order', properties: ['transaction', 'id'] }],
    properties: {
      schoolId: p.uuid().primary(),
      id: p.bigint('string').primary().autoincrement().generated('identity'),
      transaction: p.type('string').columnType('xid8').defaultRaw('pg_current_xact_id()'),
      occurredAt: instant(),
      entity: p.text(),
      entityId: p.uuid(),
      naturalKey: p.text(),
      event: p.text(),
      version: p.integer(),
      applicationId: p.uuid().nullable(),
    },
  })
}

/** `idempotencyTable` of the migrations. */
export function idempotencyEntity<const S extends string>(schema: S) {
  return defineEntity({
    name: `${schema}.IdempotencyAnswer`,
    tableName: 'idempotency_answer',
    schema,
    indexes: [{ name: 'idempotency_answer_by_age', properties: ['createdAt'] }],
    properties: {
      caller: p.text().primary(),
      key: p.text().primary(),
      requestHash: p.text(),
      answer: p.json<unknown>().columnType('json'),
      createdAt: instant(),
    },
  })
}

/** `formerVersionTable` of the migrations. */
export function formerVersionEntity<const S extends string>(schema: S) {
  return defineEntity({
    name: `${schema}.FormerVersion`,
    tableName: 'former_version',
    schema,
    properties: {
      schoolId: p.uuid().primary(),
      entity: p.text().primary(),
      entityId: p.uuid().primary(),
      version: p.integer().primary(),
      record: p.json<unknown>(),
      replacedAt: instant(),
      replacedByApplicationId: p.uuid().nullable(),
      replacedByAccountId: p.uuid().nullable(),
    },
  })
}

/** `externalReferenceTable` of the migrations. */
export function externalReferenceEntity<const S extends string>(schema: S) {
  return defineEntity({
    name: `${schema}.ExternalReference`,
    tableName: 'external_reference',
    schema,
    indexes: [{ name: 'external_reference_by_entity', properties: ['schoolId', 'entityId', 'applicationId'] }],
    properties: {
      schoolId: p.uuid().primary(),
      applicationId: p.uuid().primary(),
      entity: p.text().primary(),
      externalId: p.text().primary(),
      entityId: p.uuid(),
    },
  })
}
