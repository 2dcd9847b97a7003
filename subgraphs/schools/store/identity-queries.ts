// The SQL of identities: former names of pupils, who may be whom, and the list of those to look at.

/** What these pupils, or the records that were merged into them, were called. */
export const FORMER_NAMES = `
select student_id as "id", former_id as "formerId", former_code as "formerCode"
from schools.student_alias
where school_id = $1
  and student_id = any ($2::uuid[])`

/** Who answers for these ids or codes now: at one of the open schools. */
export const NOW_CALLED = `
select school_id as "schoolId", former_id as "formerId", former_code as "formerCode", student_id as "id"
from schools.student_alias
where school_id = any ($1::uuid[])
  and (former_id = any ($2::uuid[]) or former_code = any ($3::text[]))`

export const REMEMBER_NAMES = `
insert into schools.student_alias (school_id, id, student_id, former_id, former_code, since)
select $1, k.id, k.student_id, k.former_id, k.former_code, $2
from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[]) as k (id, student_id, former_id, former_code)`

/** Pupils of the school with these numbers or birthdays, index student_by_birth_date. */
export const CANDIDATES = `
select id, code, full_name as "fullName", sex, birth_date as "birthDate", personal_number as "personalNumber"
from schools.student
where school_id = $1
  and (personal_number = any ($2::text[]) or birth_date = any ($3::date[]))`

export const REMEMBER_MATCHES = `
insert into schools.identity_match (school_id, id, landed_id, candidate_id, score, reasons, state, found_at, version, updated_at, application_id)
select $1, k.id, k.landed_id, k.candidate_id, k.score, string_to_array(k.reasons, ' '), 'OPEN', $2, 1, $2, $3
from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::smallint[], $8::text[]) as k (id, landed_id, candidate_id, score, reasons)
on conflict (school_id, landed_id, candidate_id) do nothing
returning id`

const MATCH = `m.school_id as "schoolId", m.id, m.landed_id as "landedId", m.candidate_id as "candidateId", m.score, m.reasons, m.state,
  m.found_at as "foundAt", m.decided_at as "decidedAt", m.reason, m.version, m.updated_at as "updatedAt", m.application_id as "applicationId"`

/** A pair is shown to whom both pupils are: the policies hide whom the terms of an agreement leave out. */
const BOTH_SEEN = `(m.state = 'MERGED' or not exists (
    select 1
    from unnest(array[m.landed_id, m.candidate_id]) w (id)
    where not exists (select 1 from schools.student s where s.school_id = m.school_id and s.id = w.id)))`

/** Keyset over id, the newest first, index identity_match_by_state. */
export const MATCH_PAGE = `
select ${MATCH}
from schools.identity_match m
where m.school_id = $1
  and m.state = $2
  and ($3::uuid is null or m.id < $3)
  and ${BOTH_SEEN}
order by m.id desc
limit $4`

export const MATCHES_BY_ID = `
select ${MATCH}
from schools.identity_match m
where m.school_id = $1
  and m.id = any ($2::uuid[])
  and ${BOTH_SEEN}`

export const DECIDE_MATCHES = `
update schools.identity_match m
set state = k.state,
  reason = k.reason,
  decided_at = case when k.state = 'OPEN' then null else $2::timestamptz end,
  decided_by_application_id = case when k.state = 'OPEN' then null else $3::uuid end,
  decided_by_account_id = case when k.state = 'OPEN' then null else $4::uuid end,
  version = m.version + 1,
  updated_at = $2
from unnest($5::uuid[], $6::text[], $7::text[]) as k (id, state, reason)
where m.school_id = $1
  and m.id = k.id
returning m.id, m.version`
