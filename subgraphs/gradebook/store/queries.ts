// The SQL of the gradebook's reads. Every statement names its schools; the policies stand behind it all the same.
import { ORDER_OF_MARKS, PACKED_MARKS } from './packed-marks.ts'

/** `tenths / 10` as a double is the nearest one to the written decimal, and prints as it was written. */
const points = (column: string, name: string): string => `${column}::float8 / 10 as "${name}"`

/** The term at every level, looked up once: as a join the planner would look at it again for every mark. */
const TERMS_OF_CODE = `array(select t.id from published.term t where t.code = $4 and t.school_year_code = $5)`

const SCORE = `s.school_id as "schoolId", s.id, s.student_id as "studentId", s.class_id as "classId", s.subject_code as "subjectCode",
  s.term_id as "termId", s.kind, s.ordinal, ${points('s.value_tenths', 'value')}, s.remark, s.entered_by_staff_id as "staffId", s.version,
  s.updated_at as "updatedAt", s.application_id as "applicationId", s.external_id as "externalId"`

const GRADEBOOK = `g.school_id as "schoolId", g.id, g.class_id as "classId", g.subject_code as "subjectCode", g.term_id as "termId", g.state,
  g.ordinary_deadline as "ordinaryDeadline", g.final_deadline as "finalDeadline", g.version, g.updated_at as "updatedAt"`

const MARKS_OF_TERM = `from gradebook.score s
where s.school_id = any ($1::uuid[])
  and s.school_year = $2
  and s.student_id = any ($3::uuid[])
  and s.term_id = any (${TERMS_OF_CODE})
  and ($6::text is null or s.subject_code = $6)`

/** Index score_of_pupil_unique of the one partition that the school year names: a pupil's marks lie side by side in it. */
export const SCORES_OF_STUDENTS = `
select ${SCORE}
${MARKS_OF_TERM}
order by s.student_id, ${ORDER_OF_MARKS}`

/** The same marks, and of them what they say; a class page reads nothing else of a thousand of them. */
export const SCORE_FACTS_OF_STUDENTS = `
select s.student_id as "studentId", ${PACKED_MARKS} as "marks"
${MARKS_OF_TERM}
group by s.student_id`

/** By primary key, one probe a partition: a reference from elsewhere does not know the school year. */
export const SCORES_BY_ID = `
select ${SCORE}
from gradebook.score s
where s.school_id = any ($1::uuid[])
  and s.id = any ($2::uuid[])`

/** Index score_amendment_by_score. Through the mark, which stands within the terms of the agreement or is hidden. */
export const AMENDMENTS_OF_SCORES = `
select a.school_id as "schoolId", a.score_id as "scoreId", a.id, ${points('a.old_value_tenths', 'oldValue')}, a.old_remark as "oldRemark",
  ${points('a.new_value_tenths', 'newValue')}, a.new_remark as "newRemark", a.entered_by_staff_id as "staffId",
  a.application_id as "applicationId", a.amended_at as "amendedAt", a.version
from gradebook.score_amendment a
join gradebook.score s on s.school_id = a.school_id and s.id = a.score_id
where a.school_id = any ($1::uuid[])
  and a.score_id = any ($2::uuid[])
order by a.school_id, a.score_id, a.version`

/** Index gradebook_unique: the books of a class are one range of it. */
export const GRADEBOOKS_OF_CLASSES = `
select ${GRADEBOOK}
from gradebook.gradebook g
join published.term t on t.id = g.term_id
where g.school_id = any ($1::uuid[])
  and g.class_id = any ($2::uuid[])
  and ($3::text is null or t.code = $3)
order by g.class_id, g.subject_code, t.code`

export const GRADEBOOKS_BY_ID = `
select ${GRADEBOOK}
from gradebook.gradebook g
where g.school_id = any ($1::uuid[])
  and g.id = any ($2::uuid[])`

/**
 * Pupils of each book grouped by the kinds of marks they hold, a handful of rows a book; a pupil without marks counts as
 * one without kinds. Indexes student_by_class and score_by_gradebook. The class is joined for what its regulation asks.
 */
export const HELD_KINDS_OF_GRADEBOOKS = `
with held as (
  select s.school_id, s.gradebook_id, s.student_id, array_agg(s.kind order by s.kind) as kinds
  from gradebook.score s
  where s.school_id = any ($1::uuid[])
    and s.gradebook_id = any ($2::uuid[])
  group by s.school_id, s.gradebook_id, s.student_id
)
select g.school_id as "schoolId", g.id, c.school_year_code as "schoolYear", c.grade, c.level, t.code as "term",
  g.subject_code as "subjectCode", u.assessment, o.periods_per_year as "periodsPerYear",
  coalesce(h.kinds, '{}') as "kinds", count(p.id)::int as "pupils"
from gradebook.gradebook g
join published.class_room c on c.school_id = g.school_id and c.id = g.class_id
join published.term t on t.id = g.term_id
join published.subject u on u.code = g.subject_code
left join published.subject_offering o
  on o.subject_code = g.subject_code and o.level = c.level and c.grade between o.from_grade and o.to_grade
left join published.student p on p.school_id = g.school_id and p.class_id = g.class_id and p.status = 'STUDYING'
left join held h on h.school_id = g.school_id and h.gradebook_id = g.id and h.student_id = p.id
where g.school_id = any ($1::uuid[])
  and g.id = any ($2::uuid[])
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`

/** Today's class of each pupil, by primary key. */
export const CLASSES_OF_STUDENTS = `
select school_id as "schoolId", id as "studentId", class_id as "classId"
from published.student
where school_id = any ($1::uuid[])
  and id = any ($2::uuid[])`

/** The bare marks of a term, by index score_of_pupil_unique: three flat reads are cheaper than one that joins them. */
export const MARKS_OF_STUDENTS = `
select s.school_id as "schoolId", s.student_id as "studentId", s.class_id as "classId", s.subject_code as "subjectCode", s.kind,
  s.value_tenths as "valueTenths", s.remark
from gradebook.score s
where s.school_id = any ($1::uuid[])
  and s.school_year = $2
  and s.student_id = any ($3::uuid[])
  and s.term_id = any (${TERMS_OF_CODE})`

/** What each class is taught in a term, and what marks were given in: a dozen rows a class, with what its regulation asks. */
export const SUBJECTS_OF_CLASSES = `
select c.school_id as "schoolId", c.id as "classId", c.grade, c.level, t.id as "termId", q.subject_code as "subjectCode",
  u.assessment, o.periods_per_year as "periodsPerYear"
from published.class_room c
join published.term t on t.level = c.level and t.school_year_code = c.school_year_code
join (
  select school_id, class_id, term_id, subject_code
  from published.teaching_assignment
  where school_id = any ($1::uuid[])
    and class_id = any ($2::uuid[])
  union
  select school_id, class_id, term_id, subject_code
  from gradebook.gradebook
  where school_id = any ($1::uuid[])
    and class_id = any ($2::uuid[])
) q on q.school_id = c.school_id and q.class_id = c.id and q.term_id = t.id
join published.subject u on u.code = q.subject_code
left join published.subject_offering o
  on o.subject_code = q.subject_code and o.level = c.level and c.grade between o.from_grade and o.to_grade
where c.school_id = any ($1::uuid[])
  and c.id = any ($2::uuid[])
  and t.code = $3
  and c.school_year_code = $4
order by c.school_id, c.id, q.subject_code`

/** Of pupils who came from other schools: see the migration. Term by term, the oldest first. */
export const FORMER_MARKS = `
select student_id as "studentId", former_school as "formerSchool", school_code as "schoolCode", school_name as "schoolName",
  class_name as "className", grade, level, school_year as "schoolYear", term_id as "termId", term, subject_code as "subjectCode", assessment,
  periods_per_year as "periodsPerYear", mark_id as "markId", kind, ordinal, value_tenths as "valueTenths", remark
from gradebook.former_marks($1, $2::uuid[]) s
order by student_id, school_year, term, former_school, ${ORDER_OF_MARKS}`
