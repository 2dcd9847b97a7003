// Storage of the reports: collection windows.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { instant } from '../../kernel/entity-kit.ts'

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

export const entities: EntitySchema[] = [CollectionWindowEntity]
