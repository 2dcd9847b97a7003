// The SQL of a rollover: the whole school in one question, and one statement for each thing that is written, however many pupils.

export const CLASSES_OF_YEARS = `
select id, school_year_id as "yearId", name, grade, level
from schools.class_room
where school_id = $1
  and school_year_id = any ($2::uuid[])
order by grade, name`

/**
 * Everybody who studies at the school, their open lines, and the lines of the old year that closed: three plain ranges, joined by
 * the caller. As one statement the planner was seen to join 3,000 pupils to 3,000 lines row by row after a large load (8 s): it must not depend on when the table was last analysed whether a school rolls over.
 */
export const STUDYING_PUPILS = `
select id, code, sort_name as "sortName", class_id as "classId"
from schools.student
where school_id = $1
  and status = 'STUDYING'
order by id`

/** Index enrolment_one_active. */
export const OPEN_LINES = `
select id, student_id as "studentId", admitted_on as "admittedOn", roll_number as "rollNumber"
from schools.enrolment
where school_id = $1
  and status = 'STUDYING'
  and left_on is null`

/** Later ones last: of a pupil the last class of the year counts. */
export const CLOSED_LINES_OF_YEAR = `
select student_id as "studentId", class_id as "classId"
from schools.enrolment
where school_id = $1
  and school_year_id = $2
  and left_on is not null
order by left_on, id`

export const ROLLOVER_BETWEEN = `
select plan_hash as "hash", plan
from schools.rollover
where school_id = $1
  and from_year_id = $2
  and to_year_id = $3`

export const PLACE_PUPILS = `
update schools.student s
set class_id = k.class_id,
  status = k.status,
  version = s.version + 1,
  updated_at = $2,
  application_id = $3
from unnest($4::uuid[], $5::uuid[], $6::text[]) as k (id, class_id, status)
where s.school_id = $1
  and s.id = k.id
returning s.id, s.code, s.version`

export const OPEN_NUMBERED = `
insert into schools.enrolment (school_id, updated_at, application_id, id, student_id, class_id, school_year_id, admitted_on, status, version, roll_number)
select $1, $2, $3, k.id, k.student_id, k.class_id, $4, $5, 'STUDYING', 1, k.roll_number
from unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::smallint[]) as k (id, student_id, class_id, roll_number)`

/** Those who are in the new class already take their number among those who come. */
export const NUMBER_LINES = `
update schools.enrolment e
set roll_number = k.roll_number,
  version = e.version + 1,
  updated_at = $2,
  application_id = $3
from unnest($4::uuid[], $5::smallint[]) as k (id, roll_number)
where e.school_id = $1
  and e.id = k.id
returning e.id, e.version`

export const KEEP_ROLLOVER = `
insert into schools.rollover (school_id, id, from_year_id, to_year_id, plan_hash, plan, rolled_on, updated_at, application_id, account_id)
values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`
