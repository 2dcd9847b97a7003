// Storage of consents: what stands, and what it was each time it changed.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, idempotencyEntity, instant, outboxEntity, schoolKey } from '../../kernel/entity-kit.ts'

const schema = 'identity'

const recorded = () => ({
  recordedAt: instant(),
  recordedByApplicationId: p.uuid().nullable(),
  recordedByAccountId: p.uuid().nullable(),
})

export const ConsentEntity = defineEntity({
  name: 'identity.Consent',
  tableName: 'consent',
  schema,
  uniques: [{ name: 'consent_unique', properties: ['schoolId', 'studentId', 'giverId', 'applicationId', 'purpose'] }],
  indexes: [{ name: 'consent_by_application', properties: ['applicationId', 'schoolId', 'id'] }],
  properties: {
    ...schoolKey(),
    studentId: p.uuid(),
    givenBy: p.text(),
    giverId: p.uuid(),
    applicationId: p.uuid(),
    purpose: p.text(),
    status: p.text(),
    evidenceKind: p.text(),
    evidenceReference: p.text(),
    givenAt: instant(),
    withdrawnAt: instant().nullable(),
    ...recorded(),
    ...envelope(),
  },
})

export const ConsentEventEntity = defineEntity({
  name: 'identity.ConsentEvent',
  tableName: 'consent_event',
  schema,
  properties: {
    schoolId: p.uuid().primary(),
    consentId: p.uuid().primary(),
    version: p.integer().primary(),
    applicationId: p.uuid(),
    event: p.text(),
    at: instant(),
    evidenceKind: p.text().nullable(),
    evidenceReference: p.text().nullable(),
    reason: p.text().nullable(),
    ...recorded(),
  },
})

export const consentEntities: EntitySchema[] = [
  ConsentEntity,
  ConsentEventEntity,
  outboxEntity(schema),
  idempotencyEntity(schema),
]
