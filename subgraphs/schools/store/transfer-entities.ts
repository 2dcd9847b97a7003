// Storage of transfers between schools and of the counts of claims.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, ofSchool, schoolKey } from '../../kernel/entity-kit.ts'
import { StudentEntity } from './entities.ts'

const schema = 'schools'

export const StudentTransferEntity = defineEntity({
  name: 'schools.StudentTransfer',
  tableName: 'student_transfer',
  schema,
  indexes: [{ name: 'student_transfer_by_student', properties: ['student', 'releasedOn'] }],
  properties: {
    ...schoolKey(),
    student: () => ofSchool(StudentEntity, 'student_id', 'student_transfer_of_student'),
    personId: p.uuid(),
    direction: p.text(),
    state: p.text(),
    toSchool: p.uuid().nullable(),
    otherSchoolCode: p.text().nullable(),
    otherSchoolName: p.text().nullable(),
    releasedOn: p.date(),
    takenOn: p.date().nullable(),
    reason: p.text().nullable(),
    formerClass: p.text().nullable(),
    formerGrade: p.smallint().nullable(),
    formerYear: p.text().nullable(),
    ...envelope(),
    applicationId: p.uuid().nullable(),
  },
})

export const TransferClaimCountEntity = defineEntity({
  name: 'schools.TransferClaimCount',
  tableName: 'transfer_claim_count',
  schema,
  properties: {
    schoolId: p.uuid().primary(),
    applicationId: p.uuid().primary(),
    day: p.date().primary(),
    asked: p.integer().default(0),
    matched: p.integer().default(0),
    taken: p.integer().default(0),
    refused: p.integer().default(0),
  },
})

export const transferEntities: EntitySchema[] = [StudentTransferEntity, TransferClaimCountEntity]
