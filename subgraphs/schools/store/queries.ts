// The SQL of the roster's reads. Every statement names its schools; the policies stand behind it all the same.
import { OPEN_SCHOOLS } from '../../kernel/database.ts'

export const SCHOOL = `school_id as "id", code, name, levels, ownership, commune_code as "communeCode", address, valid_from as "validFrom", valid_to as "validTo", version, updated_at as "updatedAt", application_id as "applicationId"`
export const CLASS_ROOM = `c.school_id as "schoolId", c.id, c.name, c.grade, c.level, c.version, c.updated_at as "updatedAt", c.school_year_id as "schoolYearId", c.application_id as "applicationId"`
export const STAFF = `school_id as "schoolId", id, code, full_name as "fullName", sex, position, status, version, updated_at as "updatedAt", application_id as "applicationId"`
export const STUDENT = `school_id as "schoolId", id, code, full_name as "fullName", sort_name as "sortName", sex, birth_date as "birthDate", status, version, updated_at as "updatedAt", class_id as "classId", application_id as "applicationId"`
const ASSIGNMENT = `school_id as "schoolId", id, staff_id as "staffId", class_id as "classId", subject_code as "subjectCode", term_id as "termId", active, starts_on as "startsOn", ended_on as "endedOn", version, updated_at as "updatedAt"`
const HOMEROOM = `school_id as "schoolId", id, staff_id as "staffId", class_id as "classId", ended_on is null as "active", starts_on as "startsOn", ended_on as "endedOn", version, updated_at as "updatedAt"`
const FACILITY = `f.school_id as "schoolId", f.id, f.school_year_id as "schoolYearId", y.code as "yearCode", f.period, f.rooms::text as "roomsText", f.electricity, f.clean_water as "cleanWater", f.separate_toilets as "separateToilets", f.internet, f.hand_washing as "handWashing", f.disability_access as "disabilityAccess", f.computers, f.national_standard as "nationalStandard", f.accreditation, f.land_area as "landArea", f.version, f.updated_at as "updatedAt", f.application_id as "applicationId"`
const CAMPUS = `school_id as "schoolId", id, code, name, address, commune_code as "communeCode", valid_from as "validFrom", valid_to as "validTo", version, updated_at as "updatedAt", application_id as "applicationId"`

/** By primary key. */
export const SCHOOLS_BY_ID = `
select ${SCHOOL}
from schools.school
where school_id = any ($1::uuid[])`

export const CLASS_ROOMS_BY_ID = `
select ${CLASS_ROOM}
from schools.class_room c
where c.school_id = any ($1::uuid[])
  and c.id = any ($2::uuid[])`

/** Of all open schools: by primary key, one probe a school. */
export const OPEN_CLASS_ROOM_BY_ID = `
select ${CLASS_ROOM}
from schools.class_room c
where c.school_id = any (${OPEN_SCHOOLS})
  and c.id = $1`

/** Index class_room_name_unique. */
export const CLASS_ROOM_BY_KEY = `
select ${CLASS_ROOM}
from schools.class_room c
join schools.school_year y on y.id = c.school_year_id
where c.school_id = $1
  and y.code = $2
  and c.name = $3`

/** Index student_by_class: a class page is one range of it, already in the order of Vietnamese names. */
export const STUDENTS_OF_CLASSES = `
select ${STUDENT}
from schools.student
where school_id = any ($1::uuid[])
  and class_id = any ($2::uuid[])
  and status = 'STUDYING'
order by school_id, class_id, sort_name, id`

export const STUDENTS_BY_ID = `
select ${STUDENT}
from schools.student
where school_id = any ($1::uuid[])
  and id = any ($2::uuid[])`

/** Index student_by_id. */
export const OPEN_STUDENT_BY_ID = `
select ${STUDENT}
from schools.student
where school_id = any (${OPEN_SCHOOLS})
  and id = $1`

/** Index student_code_unique, one probe for each open school. */
export const OPEN_STUDENTS_BY_CODE = `
select ${STUDENT}
from schools.student
where school_id = any (${OPEN_SCHOOLS})
  and code = $1`

/** Apart from the row that every class page reads: these are asked for one pupil at a time. */
export const STUDENT_PROFILES = `
select school_id as "schoolId", id, birthplace, nationality, commune_code as "communeCode", address, boarding,
  youth_membership as "youthMembership", can_swim as "canSwim"
from schools.student
where school_id = any ($1::uuid[])
  and id = any ($2::uuid[])`

export const STUDENT_SENSITIVE = `
select school_id as "schoolId", id, personal_number as "personalNumber", ethnicity_code as "ethnicityCode", disability,
  policy_group as "policyGroup", poor_household as "poorHousehold", fee_relief as "feeRelief"
from schools.student
where school_id = any ($1::uuid[])
  and id = any ($2::uuid[])`

export const ENROLMENTS_OF_STUDENTS = `
select school_id as "schoolId", student_id as "studentId", id, class_id as "classId", admitted_on as "admittedOn", left_on as "leftOn",
  status, leaving_reason as "leavingReason", roll_number as "rollNumber"
from schools.enrolment
where school_id = any ($1::uuid[])
  and student_id = any ($2::uuid[])
order by admitted_on, id`

export const STAFF_BY_ID = `
select ${STAFF}
from schools.staff
where school_id = any ($1::uuid[])
  and id = any ($2::uuid[])`

/** Those in force: one that ended opens nothing. */
export const ASSIGNMENTS_OF_CLASSES = `
select ${ASSIGNMENT}
from schools.teaching_assignment
where school_id = any ($1::uuid[])
  and class_id = any ($2::uuid[])
  and active
order by term_id, subject_code, id`

/** Ended ones too. */
export const ALL_ASSIGNMENTS_OF_CLASSES = `
select ${ASSIGNMENT}
from schools.teaching_assignment
where school_id = any ($1::uuid[])
  and class_id = any ($2::uuid[])
order by term_id, subject_code, id`

export const ASSIGNMENTS_BY_ID = `
select ${ASSIGNMENT}
from schools.teaching_assignment
where school_id = $1
  and id = any ($2::uuid[])`

export const HOMEROOMS_BY_ID = `
select ${HOMEROOM}
from schools.homeroom_assignment
where school_id = $1
  and id = any ($2::uuid[])`

/** One row a class; whether it is in force the row says. */
export const HOMEROOM_OF_CLASSES = `
select ${HOMEROOM}
from schools.homeroom_assignment
where school_id = any ($1::uuid[])
  and class_id = any ($2::uuid[])`

/** Newest period first: some rows a school. */
export const FACILITIES_OF_SCHOOLS = `
select ${FACILITY}
from schools.facility f
join schools.school_year y on y.id = f.school_year_id
where f.school_id = any ($1::uuid[])
order by y.code desc, array_position(array['END', 'MID', 'START'], f.period), f.id`

export const FACILITIES_BY_ID = `
select ${FACILITY}
from schools.facility f
join schools.school_year y on y.id = f.school_year_id
where f.school_id = $1
  and f.id = any ($2::uuid[])`

export const CAMPUSES_OF_SCHOOLS = `
select ${CAMPUS}
from schools.campus
where school_id = any ($1::uuid[])
order by code, id`

export const CAMPUSES_BY_ID = `
select ${CAMPUS}
from schools.campus
where school_id = $1
  and id = any ($2::uuid[])`

export const AUTHORITIES = `
select id, code, kind, name, name_en as "nameEn", parent_id as "parentId", valid_from as "validFrom", valid_to as "validTo"
from schools.authority
order by kind, code`

/** Who manages the school on a day: the era of the Phòng and the era of the communes both answer for their dates. */
export const MANAGING_AUTHORITIES = `
select asked.school_id as "schoolId", asked.day as "on", a.id, a.code, a.kind, a.name, a.name_en as "nameEn", a.parent_id as "parentId",
  a.valid_from as "validFrom", a.valid_to as "validTo"
from unnest($1::uuid[], $2::date[]) as asked (school_id, day)
join access.oversight o on o.school_id = asked.school_id
join schools.authority a on a.id = o.authority_id
where o.school_id = any ($3::uuid[])
  and o.kind = 'MANAGING'
  and asked.day between o.valid_from and coalesce(o.valid_to, 'infinity')`

export const SCHOOL_YEARS = `
select id, code, starts_on as "startsOn", ends_on as "endsOn", version, updated_at as "updatedAt"
from schools.school_year
order by code desc`

export const TERMS = `
select id, level, code, name, starts_on as "startsOn", ends_on as "endsOn", exam_from as "examFrom", exam_to as "examTo", school_year_id as "schoolYearId", version, updated_at as "updatedAt"
from schools.term
order by starts_on, level`

export const SUBJECTS = `
select code, name, name_en as "nameEn", assessment, levels
from schools.subject
order by code`
