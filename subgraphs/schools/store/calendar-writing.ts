// The SQL by which the Sở writes school years and terms: what a batch is judged by, and one statement for each table.

/** Every school year there is, with the days that its terms have taken: some dozens. */
export const SCHOOL_YEARS_AT_HAND = `
select y.id, y.version, y.code, y.starts_on, y.ends_on, min(t.starts_on) as "termsFrom", max(t.ends_on) as "termsTo"
from schools.school_year y
left join schools.term t on t.school_year_id = y.id
group by y.id
order by y.code`

export const YEARS_BY_CODE = `
select id, code, starts_on as "startsOn", ends_on as "endsOn"
from schools.school_year
where code = any ($1::text[])`

/** Terms of these years, and whether a book of theirs is closed anywhere: index gradebook_closed_by_term. */
export const TERMS_AT_HAND = `
select t.id, t.version, y.code as "schoolYear", t.school_year_id, t.level, t.code, t.name, t.starts_on, t.ends_on, t.exam_from, t.exam_to,
  exists (
    select 1
    from published.closed_gradebook b
    where b.school_id = any ($2::uuid[])
      and b.term_id = t.id) as "hasClosedBooks"
from schools.term t
join schools.school_year y on y.id = t.school_year_id
where y.code = any ($1::text[])`

/** Whom a change of the calendar concerns: schools that are open to the officer and have not closed. */
export const SCHOOLS_THAT_LAST = `
select school_id as "id", levels
from schools.school
where school_id = any ($1::uuid[])
  and coalesce(valid_to, 'infinity') >= $2
order by school_id`

export const keepFormerCalendar = (table: 'school_year' | 'term'): string => `
insert into schools.former_calendar (entity, entity_id, version, record, replaced_at, replaced_by_account_id)
select $1, c.id, c.version, to_jsonb(c), $3, $4
from schools.${table} c
where c.id = any ($2::uuid[])`

export const UPSERT_YEARS = `
insert into schools.school_year as y (id, updated_at, version, code, starts_on, ends_on)
select k.id, $1, k.version, k.code, k.starts_on, k.ends_on
from unnest($2::uuid[], $3::int[], $4::text[], $5::date[], $6::date[]) as k (id, version, code, starts_on, ends_on)
order by k.id
on conflict (id) do update
set updated_at = excluded.updated_at,
  version = excluded.version,
  starts_on = excluded.starts_on,
  ends_on = excluded.ends_on`

export const UPSERT_TERMS = `
insert into schools.term as t (id, updated_at, version, school_year_id, level, code, name, starts_on, ends_on, exam_from, exam_to)
select k.id, $1, k.version, k.school_year_id, k.level, k.code, k.name, k.starts_on, k.ends_on, k.exam_from, k.exam_to
from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::date[], $9::date[], $10::date[], $11::date[])
  as k (id, version, school_year_id, level, code, name, starts_on, ends_on, exam_from, exam_to)
order by k.id
on conflict (id) do update
set updated_at = excluded.updated_at,
  version = excluded.version,
  name = excluded.name,
  starts_on = excluded.starts_on,
  ends_on = excluded.ends_on,
  exam_from = excluded.exam_from,
  exam_to = excluded.exam_to`
