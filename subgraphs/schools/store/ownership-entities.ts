// Storage of who owns which fields at a school, and of what others proposed for them.
import { defineEntity, p } from '@mikro-orm/core'
import { envelope, instant, schoolKey, uuids } from '../../kernel/entity-kit.ts'

const schema = 'schools'

export const FieldOwnerEntity = defineEntity({
  name: 'schools.FieldOwner',
  tableName: 'field_owner',
  schema,
  properties: {
    ...schoolKey(),
    fieldGroup: p.text(),
    ownerApplicationId: p.uuid(),
    validFrom: p.date(),
    validTo: p.date().nullable(),
    reason: p.text(),
    decidedByAccountId: p.uuid(),
    ...envelope(),
  },
})

export const FieldConflictEntity = defineEntity({
  name: 'schools.FieldConflict',
  tableName: 'field_conflict',
  schema,
  indexes: [
    { name: 'field_conflict_by_record', properties: ['schoolId', 'entityId', 'proposedByApplicationId'] },
    { name: 'field_conflict_by_state', properties: ['schoolId', 'state', 'id'] },
  ],
  properties: {
    ...schoolKey(),
    entity: p.text(),
    entityId: p.uuid(),
    naturalKey: p.text(),
    fieldGroup: p.text(),
    field: p.text(),
    former: p.json<unknown>(),
    proposed: p.json<unknown>(),
    effect: p.json<unknown>().nullable(),
    ownerApplicationId: p.uuid(),
    proposedByApplicationId: p.uuid(),
    proposedByAccountId: p.uuid().nullable(),
    proposedAt: instant(),
    state: p.text(),
    reason: p.text().nullable(),
    decidedAt: instant().nullable(),
    decidedByApplicationId: p.uuid().nullable(),
    decidedByAccountId: p.uuid().nullable(),
    consentedApplications: uuids().nullable(),
    ...envelope(),
  },
})
