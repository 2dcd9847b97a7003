// The SQL of accepted proposals: the records as they stand, and what may have come in between.
import type { Table } from '../../kernel/records/table.ts'
import { GUARDIAN, HEALTH_RECORD } from './consented-queries.ts'
import { CAMPUS, CLASS_ROOM, FACILITY, HOMEROOM_ASSIGNMENT, STAFF, STUDENT, TEACHING_ASSIGNMENT } from './writing.ts'

export const TABLES: Readonly<Record<string, Table>> = {
  ClassRoom: CLASS_ROOM,
  Staff: STAFF,
  Student: STUDENT,
  TeachingAssignment: TEACHING_ASSIGNMENT,
  HomeroomAssignment: HOMEROOM_ASSIGNMENT,
  Guardian: GUARDIAN,
  HealthRecord: HEALTH_RECORD,
  Facility: FACILITY,
  Campus: CAMPUS,
}

export const recordsById = ({ name, columns }: Table): string => `
select id, version, ${Object.keys(columns).join(', ')}
from schools.${name}
where school_id = $1
  and id = any ($2::uuid[])`

/** The line of each pupil's history that is open, index enrolment_one_active. */
export const OPEN_LINES = `
select id, student_id as "studentId"
from schools.enrolment
where school_id = $1
  and student_id = any ($2::uuid[])
  and status = 'STUDYING'
  and left_on is null`

/** Which of these classes have pupils, and the names their years hold already. */
export const CLASSES_IN_USE = `
select distinct class_id as id
from schools.enrolment
where school_id = $1
  and class_id = any ($2::uuid[])`

export const CLASS_NAMES = `
select id, school_year_id || '/' || name as key
from schools.class_room
where school_id = $1
  and school_year_id = any ($2::uuid[])`

export const STAFF_STATUS = `
select id, status
from schools.staff
where school_id = $1
  and id = any ($2::uuid[])`
