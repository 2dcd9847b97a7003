// Storage of the reports: collection windows, and how fresh records are to be.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { idempotencyEntity, instant } from '../../kernel/entity-kit.ts'

const schema = 'reporting'

export const CollectionWindowEntity = defineEntity({
  name: 'reporting.CollectionWindow',
  tableName: 'collection_window',
  schema,
  uniques: [{ name: 'collection_window_unique', properties: ['report', 'schoolYearCode', 'period'] }],
  properties: {
    id: p.uuid().primary(),
    report: p.text(),
    schoolYearCode: p.text(),
    period: p.text(),
    opensOn: p.date(),
    dueOn: p.date(),
    updatedAt: instant(),
  },
})

export const FreshnessThresholdEntity = defineEntity({
  name: 'reporting.FreshnessThreshold',
  tableName: 'freshness_threshold',
  schema,
  properties: {
    id: p.uuid().primary(),
    authorityId: p.uuid(),
    kind: p.text(),
    level: p.text(),
    days: p.integer(),
    reason: p.text(),
    validFrom: p.date(),
    validTo: p.date().nullable(),
    declaredByAccountId: p.uuid().nullable(),
    declaredAt: instant(),
  },
})

export const entities: EntitySchema[] = [CollectionWindowEntity, FreshnessThresholdEntity, idempotencyEntity(schema)]
