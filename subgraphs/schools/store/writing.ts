// The SQL of the roster's batches: their tables, what they are judged by, the lock they take, and what they write beside records.
import {
  columnsOf,
  idsNamed,
  joinOwnId,
  keepFormer as keepFormerOf,
  recordsNamed,
  recordsOfSchool,
  type Table,
} from '../../kernel/records/table.ts'

/** The record as it is about to be replaced, whole. */
export const keepFormer = (name: string): string => keepFormerOf({ schema: 'schools', name })

export const CLASS_ROOM: Table = {
  schema: 'schools',
  name: 'class_room',
  columns: { school_year_id: 'uuid', name: 'text', grade: 'smallint', level: 'text' },
}

export const STAFF: Table = {
  schema: 'schools',
  name: 'staff',
  columns: { code: 'text', full_name: 'text', sex: 'text', birth_date: 'date', position: 'text', status: 'smallint' },
}

export const STUDENT: Table = {
  schema: 'schools',
  name: 'student',
  columns: {
    code: 'text',
    full_name: 'text',
    given_name: 'text',
    sort_name: 'text',
    sex: 'text',
    birth_date: 'date',
    birthplace: 'text',
    nationality: 'text',
    commune_code: 'text',
    address: 'text',
    boarding: 'boolean',
    youth_membership: 'text',
    can_swim: 'boolean',
    personal_number: 'text',
    ethnicity_code: 'text',
    disability: 'text',
    policy_group: 'text',
    poor_household: 'text',
    fee_relief: 'text',
    status: 'text',
    class_id: 'uuid',
  },
}

export const TEACHING_ASSIGNMENT: Table = {
  schema: 'schools',
  name: 'teaching_assignment',
  columns: {
    staff_id: 'uuid',
    class_id: 'uuid',
    subject_code: 'text',
    term_id: 'uuid',
    active: 'boolean',
    starts_on: 'date',
    ended_on: 'date',
  },
}

export const HOMEROOM_ASSIGNMENT: Table = {
  schema: 'schools',
  name: 'homeroom_assignment',
  columns: { staff_id: 'uuid', class_id: 'uuid', school_year_id: 'uuid', starts_on: 'date', ended_on: 'date' },
}

export const FACILITY: Table = {
  schema: 'schools',
  name: 'facility',
  columns: {
    school_year_id: 'uuid',
    period: 'text',
    rooms: 'jsonb',
    electricity: 'boolean',
    clean_water: 'boolean',
    separate_toilets: 'boolean',
    internet: 'boolean',
    hand_washing: 'boolean',
    disability_access: 'boolean',
    computers: 'integer',
    national_standard: 'smallint',
    accreditation: 'smallint',
    land_area: 'integer',
  },
}

export const CAMPUS: Table = {
  schema: 'schools',
  name: 'campus',
  columns: { code: 'text', name: 'text', address: 'text', commune_code: 'text', valid_from: 'date', valid_to: 'date' },
}

/**
 * Batches of one school follow one another: each sees what the one before left, and none meets another at a unique key.
 * "No key" lets foreign keys and readers by.
 */
export const LOCK_SCHOOL = `
select school_id as "id", levels
from schools.school
where school_id = $1
for no key update`

/** The same without the lock, for whoever only looks. */
export const LEVELS_OF_SCHOOL = `
select school_id as "id", levels
from schools.school
where school_id = $1`

/** What the agreement leaves of the school: null where it is not narrowed. See access.open_viewer. */
export const TERMS_OF_AGREEMENT = `
select case when $1::uuid = any (nullif(current_setting('lt.narrowed', true), '')::uuid[])
  then nullif(current_setting('lt.terms', true), '')::text[] end as terms`

/** From here on the transaction stands outside the terms: judged within them, a leaver's row leaves the classes that they name. */
export const LEAVE_TERMS = `set local lt.narrowed = ''`

/** New keys that a record outside the terms has already. */
export const STUDENT_KEYS_TAKEN = `
select code as "key"
from schools.student
where school_id = $1
  and code = any ($2::text[])
union all
select former_code
from schools.student_alias
where school_id = $1
  and former_code = any ($2::text[])`

export const CLASS_KEYS_TAKEN = `
select y.code || '/' || c.name as "key"
from schools.class_room c
join schools.school_year y on y.id = c.school_year_id
where c.school_id = $1
  and y.code || '/' || c.name = any ($2::text[])`

/** All classes of the school in one year: some dozens, by index class_room_name_unique. */
export const CLASSES_OF_YEAR = `
select s.id, s.version, x.external_id as "externalId", ${columnsOf(CLASS_ROOM)},
  exists (select 1 from schools.enrolment e where e.school_id = s.school_id and e.class_id = s.id) as "hasPupils"
from schools.class_room s${joinOwnId('schools', 'CLASS_ROOM')}
where s.school_id = $1
  and s.school_year_id = $3`

export const STAFF_NAMED = recordsNamed(STAFF, 'STAFF')

/** With the line of the history that is open: at most one, by index enrolment_one_active. */
export const STUDENTS_NAMED = `
select s.id, s.version, x.external_id as "externalId", ${columnsOf(STUDENT)}, e.id as "enrolmentId", e.admitted_on as "admittedOn"
from schools.student s
left join published.external_reference x
  on x.school_id = s.school_id and x.entity_id = s.id and x.application_id = $2 and x.entity = 'STUDENT'
left join schools.enrolment e
  on e.school_id = s.school_id and e.student_id = s.id and e.status = 'STUDYING' and e.left_on is null
where s.school_id = $1
  and s.id in (${idsNamed(STUDENT, 'STUDENT', 'published.external_reference')}
  union all
  select a.student_id
  from schools.student_alias a
  where a.school_id = $1
    and (a.former_id = any ($3::uuid[]) or a.former_code = any ($4::text[])))`

/** All assignments of one term to the classes named, ended ones too. */
export const ASSIGNMENTS_OF_TERMS = `
select s.id, s.version, ${columnsOf(TEACHING_ASSIGNMENT)}
from schools.teaching_assignment s
where s.school_id = $1
  and s.term_id = any ($2::uuid[])
  and s.class_id = any ($3::uuid[])`

/** Of these classes, whatever their year. */
export const GRADES_OF_CLASSES = `
select id, grade, level
from schools.class_room
where school_id = $1
  and id = any ($2::uuid[])`

export const HOMEROOMS_OF_YEAR = `
select s.id, s.version, ${columnsOf(HOMEROOM_ASSIGNMENT)}
from schools.homeroom_assignment s
where s.school_id = $1
  and s.school_year_id = $2
  and s.class_id = any ($3::uuid[])`

/** All that was reported of a school: three rows a year. The rooms as text, in the order in which they are compared. */
export const FACILITIES_OF_SCHOOL = `
select s.id, s.version, x.external_id as "externalId", y.code as "yearCode", ${columnsOf(FACILITY)}
from schools.facility s
join schools.school_year y on y.id = s.school_year_id${joinOwnId('schools', 'FACILITY')}
where s.school_id = $1`

export const CAMPUSES_OF_SCHOOL = recordsOfSchool(CAMPUS, 'CAMPUS')

export const SCHOOL_YEARS_BY_CODE = `
select id, code
from schools.school_year
where code = any ($1::text[])`

export const SCHOOL_YEAR_BY_CODE = `
select id, code, starts_on as "startsOn", ends_on as "endsOn"
from schools.school_year
where code = $1`

export const TERMS_BY_CODE = `
select id, level
from schools.term
where school_year_id = $1
  and code = $2`

export const SUBJECT_LEVELS = `
select code, levels
from schools.subject`

/** The province whose codes the schools here issue: that of its Department. */
export const PROVINCE_CODE = `
select unit_code as "code"
from schools.authority
where kind = 'DEPARTMENT'
  and unit_code is not null
order by valid_from desc
limit 1`

export const CLOSE_ENROLMENTS = `
update schools.enrolment e
set left_on = k.left_on,
  status = k.status,
  leaving_reason = k.reason,
  version = e.version + 1,
  updated_at = $2,
  application_id = $3
from unnest($4::uuid[], $5::date[], $6::text[], $7::text[]) as k (id, left_on, status, reason)
where e.school_id = $1
  and e.id = k.id
returning e.id, e.version`

export const OPEN_ENROLMENTS = `
insert into schools.enrolment (school_id, updated_at, application_id, id, student_id, class_id, school_year_id, admitted_on, status, version)
select $1, $2, $3, k.id, k.student_id, k.class_id, k.school_year_id, k.admitted_on, 'STUDYING', 1
from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::date[])
  as k (id, student_id, class_id, school_year_id, admitted_on)`

/** See the migration of identity: offices of leavers end with the leaving. */
export const END_OFFICES = `select published.end_offices($1, $2::uuid[], $3, $4)`
