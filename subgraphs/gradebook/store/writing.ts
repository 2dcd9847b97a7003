// The SQL of recordScores: what a batch is judged by, the locks it takes, and one statement for each table it writes.

/** The class by whichever of id ($3), name ($4) or external id ($5) is given, with the term and subject of the batch. */
export const BOOK_FACTS = `
select c.id as "classId", c.name as "className", c.grade, c.level,
  t.id as "termId", t.ends_on as "endsOn", t.exam_from as "examFrom", t.exam_to as "examTo",
  u.code as "subjectCode", u.assessment, o.periods_per_year as "periodsPerYear"
from published.class_room c
left join published.term t on t.school_year_code = c.school_year_code and t.level = c.level and t.code = $6
left join published.subject u on u.code = $7
left join published.subject_offering o
  on o.subject_code = u.code and o.level = c.level and c.grade between o.from_grade and o.to_grade
where c.school_id = $1
  and c.school_year_code = $2
  and ($3::uuid is null or c.id = $3)
  and ($4::text is null or c.name = $4)
  and ($5::text is null or c.id = (
    select x.entity_id
    from published.external_reference x
    where x.school_id = $1 and x.application_id = $8 and x.entity = 'CLASS_ROOM' and x.external_id = $5
  ))`

/** The whole class, some forty pupils by index student_by_class: cheaper than a search for each of a thousand records. */
export const PUPILS_OF_CLASS = `
select s.id, s.code, x.external_id as "externalId"
from published.student s
left join published.external_reference x
  on x.school_id = s.school_id and x.entity_id = s.id and x.application_id = $3 and x.entity = 'STUDENT'
where s.school_id = $1
  and s.class_id = $2
  and s.status = 'STUDYING'`

/** What the pupils of the class were called once: temporary codes, records that were merged. Almost always none. */
export const FORMER_NAMES_OF_CLASS = `
select a.student_id as "id", a.former_id as "formerId", a.former_code as "formerCode"
from published.student_alias a
join published.student s on s.school_id = a.school_id and s.id = a.student_id
where a.school_id = $1
  and s.class_id = $2`

/** The teachers the batch names, by id, code or external id. Those who moved away (3) or retired (6) enter no marks: R26. */
export const TEACHERS_NAMED = `
select t.id, t.code, x.external_id as "externalId",
  exists (
    select 1
    from published.teaching_assignment a
    where a.school_id = $1 and a.staff_id = t.id and a.class_id = $6 and a.subject_code = $7 and a.term_id = $8
  ) as "assigned"
from published.staff t
left join published.external_reference x
  on x.school_id = t.school_id and x.entity_id = t.id and x.application_id = $2 and x.entity = 'STAFF'
where t.school_id = $1
  and (t.id = any ($3::uuid[]) or t.code = any ($4::text[]) or x.external_id = any ($5::text[]))
  and t.status not in (3, 6)`

/**
 * The book, locked until the batch commits: batches of one book follow one another, and whoever locks the book for the
 * principal waits for the batch at work, so no mark lands in a locked book. "No key" lets the marks' foreign key by.
 */
export const LOCK_GRADEBOOK = `
select id, state, ordinary_deadline as "ordinaryDeadline", final_deadline as "finalDeadline"
from gradebook.gradebook
where school_id = $1
  and class_id = $2
  and subject_code = $3
  and term_id = $4
for no key update`

/** Answers no row when another batch has just opened the book; it is then there to be locked. */
export const OPEN_GRADEBOOK = `
insert into gradebook.gradebook (school_id, id, class_id, subject_code, term_id, state, ordinary_deadline, final_deadline, version, updated_at)
values ($1, $2, $3, $4, $5, 'OPEN', $6, $7, 1, $8)
on conflict (school_id, class_id, subject_code, term_id) do nothing
returning id, state, ordinary_deadline as "ordinaryDeadline", final_deadline as "finalDeadline"`

/**
 * The marks of the batch's pupils in this subject and term, by index score_of_pupil_unique. Read under the lock of the
 * book, through which every change of a mark goes: they need no lock of their own, which would write to each of them.
 */
export const STORED_SCORES = `
select s.id, s.gradebook_id as "gradebookId", s.student_id as "studentId", s.class_id as "classId", s.kind, s.ordinal,
  s.value_tenths as "valueTenths", s.remark, s.entered_by_staff_id as "staffId", s.version, s.updated_at as "updatedAt",
  s.application_id as "applicationId", s.external_id as "externalId"
from gradebook.score s
where s.school_id = $1
  and s.school_year = $2
  and s.subject_code = $3
  and s.term_id = $4
  and s.student_id = any ($5::uuid[])`

/** Of these books, those that take no marks: asked only when a pupil brought marks along from another class. */
export const LOCKED_GRADEBOOKS = `
select id
from gradebook.gradebook
where school_id = $1
  and id = any ($2::uuid[])
  and state <> 'OPEN'`

/**
 * New marks and changed ones in one statement. Rows are locked in the order of their key, so two batches that meet at one
 * pupil (who changes class in that moment) never wait for each other in a ring. `version` is the one before plus one: a
 * row that is not as it was read, or was not there, is left alone, and the count tells.
 */
export const UPSERT_SCORES = `
with written as (
  insert into gradebook.score as s (school_id, school_year, id, gradebook_id, class_id, student_id, subject_code, term_id, kind, ordinal,
    value_tenths, remark, entered_by_staff_id, application_id, external_id, version, received_at, updated_at)
  select $1, $2, k.id, $3, $4, k.student_id, $5, $6, k.kind, k.ordinal,
    k.value_tenths, k.remark, k.staff_id, $7, k.external_id, k.version, $8, $8
  from unnest($9::uuid[], $10::uuid[], $11::text[], $12::smallint[], $13::smallint[], $14::text[], $15::uuid[], $16::text[], $17::integer[])
    as k (id, student_id, kind, ordinal, value_tenths, remark, staff_id, external_id, version)
  order by k.student_id, k.kind, k.ordinal
  on conflict (school_id, school_year, student_id, subject_code, term_id, kind, ordinal) do update
  set gradebook_id = excluded.gradebook_id,
    class_id = excluded.class_id,
    value_tenths = excluded.value_tenths,
    remark = excluded.remark,
    entered_by_staff_id = excluded.entered_by_staff_id,
    application_id = excluded.application_id,
    external_id = excluded.external_id,
    version = excluded.version,
    received_at = excluded.received_at,
    updated_at = excluded.updated_at
  where s.version = excluded.version - 1
  returning s.updated_at
)
select count(*)::int as "count", max(updated_at) as "updatedAt"
from written`

export const APPEND_AMENDMENTS = `
insert into gradebook.score_amendment (school_id, id, score_id, old_value_tenths, old_remark, new_value_tenths, new_remark,
  entered_by_staff_id, application_id, amended_at, version)
select $1, k.id, k.score_id, k.old_value_tenths, k.old_remark, k.new_value_tenths, k.new_remark, k.staff_id, $2, $3, k.version
from unnest($4::uuid[], $5::uuid[], $6::smallint[], $7::text[], $8::smallint[], $9::text[], $10::uuid[], $11::integer[])
  as k (id, score_id, old_value_tenths, old_remark, new_value_tenths, new_remark, staff_id, version)`

/**
 * An array parameter of values that need no quoting (ids, words of a closed list, integers), already in PostgreSQL's text
 * form. The driver would put every element through two regular expressions: 12 ms of a batch of 1,000, measured.
 */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? 'null').join(',')}}`
}

/** Whose marks an application enters that acts for a person: the record of staff behind the account, at this school, today. */
export const STAFF_OF_ACCOUNT = `select access.staff_of($1, $2, $3) as id`
