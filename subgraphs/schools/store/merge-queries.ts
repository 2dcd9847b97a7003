// The SQL of merges: both records, what hangs on them in every subgraph, and what a merge did.
import { STUDENT } from './writing.ts'

/** From here on the transaction sees records that were merged. See the migration. */
export const SHOW_MERGED = `set local lt.merged = 'shown'`
export const HIDE_MERGED = `set local lt.merged = ''`

const columns = Object.keys(STUDENT.columns)

export const STUDENTS_AS_THEY_STAND = `
select id, version, merged_into as "mergedInto", ${columns.join(', ')}
from schools.student
where school_id = $1
  and id = any ($2::uuid[])`

/** Sets the named columns of one pupil from a record of JSON; the version rises by one. */
export const CHANGE_STUDENT = `
update schools.student s
set ${columns.map((column) => `${column} = n.${column}`).join(',\n  ')},
  merged_into = $4,
  version = s.version + 1,
  updated_at = $5,
  application_id = $6
from jsonb_populate_record(null::schools.student, $3::jsonb) n
where s.school_id = $1
  and s.id = $2
returning s.version`

/** Two records change codes: for a moment one of them has none that anybody could have. */
export const FREE_CODE = `
update schools.student
set code = '~' || id
where school_id = $1
  and id = $2`

export const MARKS_AT_ODDS = `select published.marks_at_odds($1, $2, $3) as "count"`

/** Each row that follows rises by one and is told in the feed of its subgraph. */
export const move = (schema: string): string => `select published.move_pupil_in_${schema}($1, $2, $3, $4, $5, $6, $7) as "answer"`
export const moveBack = (schema: string): string =>
  `select published.move_pupil_back_in_${schema}($1, $2, $3, $4::jsonb, $5, $6, $7, $8)`
export const countRows = (schema: string): string => `select published.rows_of_pupil_in_${schema}($1, $2) as "answer"`

export const REMEMBER_MERGE = `
insert into schools.student_merge (school_id, id, kept_id, merged_id, alias_id, kept_code, merged_code, former, filled, moved, row_counts,
  kept_version, state, reason, merged_at, merged_by_account_id, version, updated_at, application_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'MERGED', $13, $14, $15, 1, $14, $16)`

const MERGE = `m.school_id as "schoolId", m.id, m.kept_id as "keptId", m.merged_id as "mergedId", m.alias_id as "aliasId", m.kept_code as "keptCode",
  m.merged_code as "mergedCode", m.former, m.filled, m.moved, m.row_counts as "rowCounts", m.kept_version as "keptVersion", m.state, m.reason,
  m.merged_at as "mergedAt", m.undo_reason as "undoReason", m.undone_at as "undoneAt", m.version, m.updated_at as "updatedAt",
  m.application_id as "applicationId"`

export const MERGES_BY_ID = `
select ${MERGE}
from schools.student_merge m
where m.school_id = $1
  and m.id = any ($2::uuid[])`

/** Of those whose kept record the caller sees. */
export const MERGES_SEEN_BY_ID = `
select ${MERGE}
from schools.student_merge m
where m.school_id = $1
  and m.id = any ($2::uuid[])
  and exists (select 1 from schools.student s where s.school_id = m.school_id and s.id in (m.kept_id, m.merged_id))`

/** Keyset over id, the newest first: whom the terms of an agreement leave out, the policies hide. */
export const MERGE_PAGE = `
select ${MERGE}
from schools.student_merge m
where m.school_id = $1
  and ($2::uuid is null or m.id < $2)
  and exists (select 1 from schools.student s where s.school_id = m.school_id and s.id = m.kept_id)
order by m.id desc
limit $3`

/** Merges into the same record that came later and stand: index student_merge_by_kept. */
export const LATER_MERGES = `
select count(*)::int as "count"
from schools.student_merge
where school_id = $1
  and kept_id = $2
  and state = 'MERGED'
  and kept_version > $3`

export const UNDO_MERGE = `
update schools.student_merge
set state = 'UNDONE',
  undo_reason = $3,
  undone_at = $4,
  version = version + 1,
  updated_at = $4
where school_id = $1
  and id = $2
returning version`

export const FORGET_NAME = `
delete from schools.student_alias
where school_id = $1
  and id = $2`

/** The pair on the list of likely doubles, whichever way round. */
export const MATCHES_OF_PAIR = `
select id
from schools.identity_match
where school_id = $1
  and ((landed_id = $2 and candidate_id = $3) or (landed_id = $3 and candidate_id = $2))
  and state = any ($4::text[])`
