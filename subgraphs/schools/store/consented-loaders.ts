// The batches of guardians and health records: read under the consents, as the policies hold them.
import type { HealthRecord } from '../schema/consented-types.ts'
import type { Guardian } from '../schema/types.ts'
import * as sql from './consented-queries.ts'
import { byKey, byOwner } from '../../kernel/record-loads.ts'

type OwnedByStudent = { studentId: string }

export const guardiansOfStudent = byOwner<Guardian & OwnedByStudent>(
  'guardian.contact.read',
  sql.GUARDIANS_OF_STUDENTS,
  (row) => row.studentId,
  (context, row) => context.touched.students.add(row.studentId),
)
export const guardianByKey = byKey<Guardian & OwnedByStudent>('guardian.contact.read', sql.GUARDIANS_BY_ID, (context, row) =>
  context.touched.students.add(row.studentId),
)
export const healthOfStudent = byOwner<HealthRecord>(
  'health.read',
  sql.HEALTH_OF_STUDENTS,
  (row) => row.studentId,
  (context, row) => context.touched.students.add(row.studentId),
)
export const healthRecordByKey = byKey<HealthRecord>('health.read', sql.HEALTH_BY_ID, (context, row) =>
  context.touched.students.add(row.studentId),
)
