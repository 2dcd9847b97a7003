// Storage of the gradebook: books, marks, what marks have been before, and the outbox.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, idempotencyEntity, instant, ofSchool, outboxEntity, schoolKey } from '../../kernel/entity-kit.ts'

const schema = 'gradebook'

export const GradebookEntity = defineEntity({
  name: 'gradebook.Gradebook',
  tableName: 'gradebook',
  schema,
  uniques: [{ name: 'gradebook_unique', properties: ['schoolId', 'classId', 'subjectCode', 'termId'] }],
  properties: {
    ...schoolKey(),
    classId: p.uuid(),
    subjectCode: p.text(),
    termId: p.uuid(),
    state: p.text().default('OPEN'),
    ordinaryDeadline: p.date(),
    finalDeadline: p.date(),
    ...envelope(),
  },
})

export const ScoreEntity = defineEntity({
  name: 'gradebook.Score',
  tableName: 'score',
  schema,
  partitionBy: {
    type: 'list',
    expression: 'schoolYear',
    partitions: [
      { name: 'gradebook.score_2026', values: "in ('2026')" },
      { name: 'gradebook.score_other', values: 'default' },
    ],
  },
  indexes: [{ name: 'score_by_gradebook', properties: ['gradebook'] }],
  uniques: [
    {
      name: 'score_of_pupil_unique',
      properties: ['schoolId', 'schoolYear', 'studentId', 'subjectCode', 'termId', 'kind', 'ordinal'],
    },
  ],
  properties: {
    ...schoolKey(),
    schoolYear: p.smallint().primary(),
    gradebook: () => ofSchool(GradebookEntity, 'gradebook_id', 'score_in_gradebook'),
    classId: p.uuid(),
    studentId: p.uuid(),
    subjectCode: p.text(),
    termId: p.uuid(),
    kind: p.text(),
    ordinal: p.smallint(),
    valueTenths: p.smallint().nullable(),
    remark: p.text().nullable(),
    enteredByStaffId: p.uuid(),
    applicationId: p.uuid().nullable(),
    externalId: p.text().nullable(),
    version: p.integer().default(1),
    receivedAt: instant(),
    updatedAt: instant(),
  },
})

export const ScoreAmendmentEntity = defineEntity({
  name: 'gradebook.ScoreAmendment',
  tableName: 'score_amendment',
  schema,
  indexes: [{ name: 'score_amendment_by_score', properties: ['schoolId', 'scoreId', 'version'] }],
  properties: {
    ...schoolKey(),
    scoreId: p.uuid(),
    oldValueTenths: p.smallint().nullable(),
    oldRemark: p.text().nullable(),
    newValueTenths: p.smallint().nullable(),
    newRemark: p.text().nullable(),
    enteredByStaffId: p.uuid(),
    applicationId: p.uuid().nullable(),
    amendedAt: instant(),
    version: p.integer(),
  },
})

export const entities: EntitySchema[] = [
  GradebookEntity,
  ScoreEntity,
  ScoreAmendmentEntity,
  outboxEntity(schema),
  idempotencyEntity(schema),
]
