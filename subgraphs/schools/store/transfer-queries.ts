// The SQL of transfers between schools: releases of a school, claims across schools, and their counts.

const TRANSFER = `t.school_id as "schoolId", t.student_id as "studentId", t.id, t.direction, t.state, t.person_id as "personId", t.released_on as "releasedOn",
  t.taken_on as "takenOn", t.reason, t.other_school_code as "otherSchoolCode", t.other_school_name as "otherSchoolName",
  t.former_class as "formerClass", t.former_grade as "formerGrade", t.former_year as "formerYear", t.version, t.updated_at as "updatedAt"`

/** Through the pupil, whom the terms of an agreement may leave out. */
export const TRANSFERS_OF_STUDENTS = `
select ${TRANSFER}
from schools.student_transfer t
join schools.student s on s.school_id = t.school_id and s.id = t.student_id
where t.school_id = any ($1::uuid[])
  and t.student_id = any ($2::uuid[])
order by t.released_on, t.id`

/** The release in force, at most one a pupil: index student_transfer_one_in_force. */
export const RELEASES_IN_FORCE = `
select student_id as "studentId", id, state, to_school as "toSchool", version
from schools.student_transfer
where school_id = $1
  and student_id = any ($2::uuid[])
  and direction = 'OUT'
  and state in ('RELEASED', 'TAKEN')`

/** On which days an authority manages the school. */
export const DAYS_OF_MANAGEMENT = `
select valid_from as "from", valid_to as "to"
from access.oversight
where school_id = $1
  and authority_id = $2
  and kind = 'MANAGING'`

/** A release with the last class of the pupil; the person is whom an earlier transfer says, else this record. */
export const OPEN_RELEASES = `
insert into schools.student_transfer (school_id, id, student_id, person_id, direction, state, to_school, other_school_code, released_on, reason,
  former_class, former_grade, former_year, updated_at, application_id)
select $1, k.id, k.student_id,
  coalesce((
    select i.person_id
    from schools.student_transfer i
    where i.school_id = $1 and i.student_id = k.student_id
    order by i.id desc
    limit 1), k.student_id),
  'OUT', 'RELEASED', k.to_school, k.code, k.day, k.reason, c.name, c.grade, y.code, $2, $3
from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::date[], $9::text[]) as k (id, student_id, to_school, code, day, reason)
left join lateral (
  select e.class_id, e.school_year_id
  from schools.enrolment e
  where e.school_id = $1 and e.student_id = k.student_id
  order by e.admitted_on desc, e.id desc
  limit 1) l on true
left join schools.class_room c on c.school_id = $1 and c.id = l.class_id
left join schools.school_year y on y.id = l.school_year_id`

export const KEEP_FORMER_TRANSFERS = `
insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at, replaced_by_application_id, replaced_by_account_id)
select t.school_id, 'StudentTransfer', t.id, t.version, to_jsonb(t), $3, $4, $5
from schools.student_transfer t
where t.school_id = $1
  and t.id = any ($2::uuid[])`

export const CHANGE_RELEASES = `
update schools.student_transfer t
set to_school = k.to_school,
  other_school_code = k.code,
  reason = k.reason,
  version = t.version + 1,
  updated_at = $2,
  application_id = $3
from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[]) as k (id, to_school, code, reason)
where t.school_id = $1
  and t.id = k.id
returning t.id, t.version`

export const WITHDRAW_RELEASES = `
update schools.student_transfer t
set state = 'WITHDRAWN',
  version = t.version + 1,
  updated_at = $2,
  application_id = $3
where t.school_id = $1
  and t.id = any ($4::uuid[])
returning t.id, t.student_id as "studentId", t.version`

/** See the migration of transfers: each crosses schools inside the database and answers no more than it must. */
export const PUPILS_ELSEWHERE = `select word, studying from schools.pupils_elsewhere($1, $2::text[], $3::text[])`

export const FIND_CLAIMED = `
select place, matched, former_school as "formerSchool", former_student as "formerStudent", record
from schools.find_claimed($1, $2::jsonb)`

export const TAKE_PUPILS = `select schools.take_pupils($1, $2::jsonb, $3::date, $4::timestamptz, $5, $6)`

export const CLAIMS_TODAY = `
select asked - taken as "inVain"
from schools.transfer_claim_count
where school_id = $1
  and application_id = $2
  and day = $3`

export const COUNT_CLAIMS = `
insert into schools.transfer_claim_count as n (school_id, application_id, day, asked, matched, taken, refused)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (school_id, application_id, day) do update
set asked = n.asked + excluded.asked,
  matched = n.matched + excluded.matched,
  taken = n.taken + excluded.taken,
  refused = n.refused + excluded.refused`

/**
 * Keyset over (day, school, application), newest day first. The counts come from what the caller's office shows. A school that went
 * into another is named by the code that passed on.
 */
export const claimPage = (counts: string): string => `
select n.school_id as "schoolId", k.code as "schoolCode", n.application_id as "applicationId", n.day, n.asked, n.matched, n.taken, n.refused
from ${counts} n
cross join lateral (
  select c.code
  from schools.school_code c
  where (c.school = n.school_id and c.current) or c.passed_from = n.school_id
  order by c.passed_from nulls first, c.code
  limit 1) k
where n.day between $2 and $3
  and ($4::uuid is null or n.application_id = $4)
  and ($5::date is null or n.day < $5 or (n.day = $5 and (n.school_id, n.application_id) > ($6::uuid, $7::uuid)))
order by n.day desc, n.school_id, n.application_id
limit $8`

export const CLAIMS_OF_SCHOOLS = claimPage(`(select * from schools.transfer_claim_count where school_id = any ($1::uuid[]))`)
export const CLAIMS_OVERSEEN = claimPage(`schools.claims_overseen($1, $2, $3)`)
