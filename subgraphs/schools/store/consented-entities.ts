// Storage of health records, and of who keeps records that rest on consent.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, ofSchool, schoolKey, uuids } from '../../kernel/entity-kit.ts'
import { StudentEntity } from './entities.ts'

const schema = 'schools'

export const HealthRecordEntity = defineEntity({
  name: 'schools.HealthRecord',
  tableName: 'health_record',
  schema,
  properties: {
    ...schoolKey(),
    student: () => ofSchool(StudentEntity, 'student_id', 'health_record_of_student').index(false),
    measuredOn: p.date(),
    heightMm: p.integer().nullable(),
    weightG: p.integer().nullable(),
    eyeDisease: p.text().nullable(),
    visionLeft: p.smallint().nullable(),
    visionRight: p.smallint().nullable(),
    dental: p.text().nullable(),
    note: p.text().nullable(),
    void: p.boolean().default(false),
    consentedApplications: uuids().defaultRaw("'{}'"),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const KeptRecordEntity = defineEntity({
  name: 'schools.KeptRecord',
  tableName: 'kept_record',
  schema,
  properties: {
    schoolId: p.uuid().primary(),
    applicationId: p.uuid().primary(),
    entity: p.text().primary(),
    entityId: p.uuid().primary(),
    said: p.text(),
  },
})

export const consentedEntities: EntitySchema[] = [HealthRecordEntity, KeptRecordEntity]
