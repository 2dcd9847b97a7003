// Storage of rollovers.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, schoolKey } from '../../kernel/entity-kit.ts'

export const RolloverEntity = defineEntity({
  name: 'schools.Rollover',
  tableName: 'rollover',
  schema: 'schools',
  uniques: [{ name: 'rollover_once', properties: ['schoolId', 'fromYearId', 'toYearId'] }],
  properties: {
    ...schoolKey(),
    fromYearId: p.uuid(),
    toYearId: p.uuid(),
    planHash: p.text(),
    plan: p.json<unknown>(),
    rolledOn: p.date(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
    accountId: p.uuid().nullable(),
  },
})

export const rolloverEntities: EntitySchema[] = [RolloverEntity]
