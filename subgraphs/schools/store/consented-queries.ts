// The SQL of records that rest on consent: guardians and health. Written from behind the consents, read under them.
import type { Table } from '../../kernel/records/table.ts'

export const GUARDIAN: Table = {
  schema: 'schools',
  name: 'guardian',
  columns: {
    student_id: 'uuid',
    full_name: 'text',
    relation: 'text',
    phone: 'text',
    birth_year: 'smallint',
    job: 'text',
    address: 'text',
    ended_on: 'date',
  },
}

export const HEALTH_RECORD: Table = {
  schema: 'schools',
  name: 'health_record',
  columns: {
    student_id: 'uuid',
    measured_on: 'date',
    height_mm: 'integer',
    weight_g: 'integer',
    eye_disease: 'text',
    vision_left: 'smallint',
    vision_right: 'smallint',
    dental: 'text',
    note: 'text',
    void: 'boolean',
  },
}

/**
 * From here on the transaction acts as nobody's application: an application cannot see the row that it is about to write. What it
 * is told of such rows is decided in services/kept-records.ts.
 */
export const STEP_BEHIND_CONSENT = `set local lt.application = ''`

/** Every change of a family's consents locks its pupils too, in this order: a row written here misses none of them. */
export const LOCK_STUDENTS = `
select s.id
from schools.student s
where s.school_id = $1
  and s.id = any ($2::uuid[])
order by s.id
for no key update`

/** All such records of these pupils, and whatever the caller's own ids name already, with what the caller itself has to do with each. $3: the calling application, or null. */
export const recordsOfStudents = ({ name, columns }: Table, entity: string, externalKind: string): string => `
select s.id, s.version, ${Object.keys(columns)
  .map((column) => `s.${column}`)
  .join(', ')}, x.external_id as "externalId", k.said,
  array(
    select o.application_id
    from schools.kept_record o
    where o.school_id = s.school_id
      and o.entity = '${entity}'
      and o.entity_id = s.id)::text[] as "keepers",
  $3::uuid is null or $3 = any (s.consented_applications) as "readable"
from schools.${name} s
left join schools.kept_record k
  on k.school_id = s.school_id and k.application_id = $3 and k.entity = '${entity}' and k.entity_id = s.id
left join schools.external_reference x
  on x.school_id = s.school_id and x.application_id = $3 and x.entity = '${externalKind}' and x.entity_id = s.id
where s.school_id = $1
  and (s.student_id = any ($2::uuid[]) or x.external_id = any ($4::text[]))`

export const KEEP_SAID = `
insert into schools.kept_record (school_id, application_id, entity, entity_id, said)
select $1, $2, $3, k.id, k.said
from unnest($4::uuid[], $5::text[]) as k (id, said)
on conflict (school_id, application_id, entity, entity_id) do update
set said = excluded.said`

/** Ids alone: what they hold is read under the caller's own rights. */
export const receiptsOf = (table: string): string => `
select school_id as "schoolId", id, student_id as "studentId"
from schools.${table}
where school_id = $1
  and id = any ($2::uuid[])`

export const APPLY_CONSENTS_TO_GUARDIANS = `select published.apply_consents_to_guardians($1, $2, $3, $4)`
export const APPLY_CONSENTS_TO_HEALTH = `select published.apply_consents_to_health($1, $2, $3, $4, $5)`

const GUARDIAN_SEEN = `g.school_id as "schoolId", g.student_id as "studentId", g.id, g.full_name as "fullName", g.relation, g.phone, g.birth_year as "birthYear", g.job, g.address, g.ended_on as "endedOn", g.version, g.updated_at as "updatedAt", g.application_id as "applicationId"`
const HEALTH_SEEN = `h.school_id as "schoolId", h.student_id as "studentId", h.id, h.measured_on as "measuredOn", h.height_mm as "heightMm", h.weight_g as "weightG", h.eye_disease as "eyeDisease", h.vision_left as "visionLeft", h.vision_right as "visionRight", h.dental, h.note, h.void, h.version, h.updated_at as "updatedAt", h.application_id as "applicationId"`

/** Through the pupil: whom the terms of an agreement leave out, the policies hide, and what hangs on them. */
export const GUARDIANS_OF_STUDENTS = `
select ${GUARDIAN_SEEN}
from schools.guardian g
join schools.student s on s.school_id = g.school_id and s.id = g.student_id
where g.school_id = any ($1::uuid[])
  and g.student_id = any ($2::uuid[])
  and g.ended_on is null
order by g.relation, g.id`

export const GUARDIANS_BY_ID = `
select ${GUARDIAN_SEEN}
from schools.guardian g
join schools.student s on s.school_id = g.school_id and s.id = g.student_id
where g.school_id = any ($1::uuid[])
  and g.id = any ($2::uuid[])`

/** Index health_record_by_student, the newest first; a void one is told to whoever holds it already, by its id alone. */
export const HEALTH_OF_STUDENTS = `
select ${HEALTH_SEEN}
from schools.health_record h
join schools.student s on s.school_id = h.school_id and s.id = h.student_id
where h.school_id = any ($1::uuid[])
  and h.student_id = any ($2::uuid[])
  and not h.void
order by h.measured_on desc, h.id`

export const HEALTH_BY_ID = `
select ${HEALTH_SEEN}
from schools.health_record h
join schools.student s on s.school_id = h.school_id and s.id = h.student_id
where h.school_id = any ($1::uuid[])
  and h.id = any ($2::uuid[])`
