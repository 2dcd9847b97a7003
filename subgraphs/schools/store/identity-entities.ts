// Storage of former names of pupils and of likely doubles.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, instant, ofSchool, schoolKey, texts } from '../../kernel/entity-kit.ts'
import { StudentEntity } from './entities.ts'

const schema = 'schools'

export const StudentAliasEntity = defineEntity({
  name: 'schools.StudentAlias',
  tableName: 'student_alias',
  schema,
  indexes: [
    { name: 'student_alias_by_student', properties: ['student'] },
    { name: 'student_alias_by_code', properties: ['schoolId', 'formerCode'] },
    { name: 'student_alias_by_id', properties: ['schoolId', 'formerId'] },
  ],
  properties: {
    ...schoolKey(),
    student: () => ofSchool(StudentEntity, 'student_id', 'student_alias_of_student'),
    formerId: p.uuid().nullable(),
    formerCode: p.text().nullable(),
    since: instant(),
  },
})

export const IdentityMatchEntity = defineEntity({
  name: 'schools.IdentityMatch',
  tableName: 'identity_match',
  schema,
  indexes: [{ name: 'identity_match_by_state', properties: ['schoolId', 'state', 'id'] }],
  uniques: [{ name: 'identity_match_once', properties: ['schoolId', 'landedId', 'candidateId'] }],
  properties: {
    ...schoolKey(),
    landedId: p.uuid(),
    candidateId: p.uuid(),
    score: p.smallint(),
    reasons: texts(),
    state: p.text(),
    foundAt: instant(),
    decidedAt: instant().nullable(),
    decidedByApplicationId: p.uuid().nullable(),
    decidedByAccountId: p.uuid().nullable(),
    reason: p.text().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const StudentMergeEntity = defineEntity({
  name: 'schools.StudentMerge',
  tableName: 'student_merge',
  schema,
  indexes: [{ name: 'student_merge_by_kept', properties: ['schoolId', 'keptId'] }],
  properties: {
    ...schoolKey(),
    keptId: p.uuid(),
    mergedId: p.uuid(),
    aliasId: p.uuid(),
    keptCode: p.text(),
    mergedCode: p.text(),
    former: p.json<unknown>(),
    filled: p.json<unknown>(),
    moved: p.json<unknown>(),
    rowCounts: p.json<unknown>(),
    keptVersion: p.integer(),
    state: p.text(),
    reason: p.text(),
    mergedAt: instant(),
    mergedByAccountId: p.uuid().nullable(),
    undoReason: p.text().nullable(),
    undoneAt: instant().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const identityEntities: EntitySchema[] = [StudentAliasEntity, IdentityMatchEntity, StudentMergeEntity]
