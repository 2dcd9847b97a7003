// The SQL of freshness. All lines of an office's schools, some ten a school, are read and the oldest of them told: every page costs the
// same, and how much follows from the schools of the office, not from the page, the pupils or the marks.

/** $1 schools, $2 kinds, $3 today. How fresh each kind is asked to be at a school: the strictest of those who oversee it. */
const DUE = `asked as (
  select s.school_id, l.level, o.authority_id
  from published.school s
  cross join unnest(s.levels) as l (level)
  join access.oversight o on o.school_id = s.school_id and $3::date between o.valid_from and coalesce(o.valid_to, 'infinity')
  where s.school_id = any ($1::uuid[])
), due as (
  select a.school_id, t.kind, min(t.days) as days
  from asked a
  join reporting.freshness_threshold t
    on t.authority_id = a.authority_id
    and t.level = a.level
    and t.kind = any ($2::text[])
    and $3::date between t.valid_from and coalesce(t.valid_to, 'infinity')
  group by a.school_id, t.kind
)`

/** $4 now. Nobody is late with what nobody asked for. */
const STATE = `case
    when d.days is null then 'UNDECLARED'
    when h.confirmed_at is null then 'NEVER'
    when h.confirmed_at < $4::timestamptz - d.days * interval '1 day' then 'OVERDUE'
    else 'FRESH'
  end as state`

/** The keys and the times alone: the counts are fetched for the lines of a page. */
const HELD = `held as (
  select f.school_id, f.kind, f.confirmed_at
  from access.record_freshness f
  where f.school_id = any ($1::uuid[])
    and f.kind = any ($2::text[])
)`

/** What one product keeps: $10 its application. Index record_keeper_by_application. */
const HELD_BY_APPLICATION = `held as (
  select k.school_id, k.kind, k.confirmed_at
  from access.record_keeper k
  where k.application_id = $10::uuid
    and k.school_id = any ($1::uuid[])
    and k.kind = any ($2::text[])
)`

const LINES = (held: string, join: 'full' | 'left'): string => `
with ${held}, ${DUE}, lines as (
  select coalesce(h.school_id, d.school_id) as school_id, coalesce(h.kind, d.kind) as kind, coalesce(h.confirmed_at, '-infinity') as since,
    d.days, ${STATE}
  from held h
  ${join} join due d on d.school_id = h.school_id and d.kind = h.kind
)`

const PLACE = `l.school_id as "schoolId", l.kind, l.state, l.days as "dueWithinDays"`

/** Of some schools every kind that has a freshness or is asked to have one. */
export const FRESHNESS_OF_SCHOOLS = `${LINES(HELD, 'full')}
select ${PLACE}
from lines l`

const PAGE = `
select ${PLACE}, l.since::text as since
from lines l
where l.state = any ($5::text[])
  and (l.since, l.school_id, l.kind) > ($6::timestamptz, $7::uuid, $8::text)
order by l.since, l.school_id, l.kind
limit $9::int`

/** The oldest first, before them what was never kept and is asked for. */
export const FRESHNESS_PAGE = `${LINES(HELD, 'full')}${PAGE}`

/** The same of what one product keeps: where it never wrote, it has no line. */
export const FRESHNESS_PAGE_OF_APPLICATION = `${LINES(HELD_BY_APPLICATION, 'left')}${PAGE}`

const COUNTED = (row: string): string =>
  `${row}.school_id as "schoolId", ${row}.kind, ${row}.confirmed_at as "confirmedAt", ${row}.changed_at as "changedAt",
  $3::date - ${row}.counted_on as "daysAgo", ${row}.changed, ${row}.confirmed`

/** Times and counts of a page's schools. */
export const DETAILS = `
select ${COUNTED('f')}, f.changed_by as "changedBy"
from access.record_freshness f
where f.school_id = any ($1::uuid[])
  and f.kind = any ($2::text[])`

export const DETAILS_OF_APPLICATION = `
select ${COUNTED('k')}, case when k.changed_at is not null then k.application_id end as "changedBy"
from access.record_keeper k
where k.application_id = $4::uuid
  and k.school_id = any ($1::uuid[])
  and k.kind = any ($2::text[])`

export const NAMES_OF_SCHOOLS = `
select school_id as "schoolId", name
from published.school
where school_id = any ($1::uuid[])`

/** Schools of which the caller sees a part, by terms or as a teacher: of these the whole is not told. */
export const NARROWED = `select coalesce(nullif(current_setting('lt.narrowed', true), '')::uuid[], '{}') as schools`

/** Of every kind how many schools stand how; $5 is how many schools there are. */
export const FRESHNESS_COUNTS = `${LINES(HELD, 'full')}
select k.kind,
  count(*) filter (where l.state = 'FRESH')::integer as fresh,
  count(*) filter (where l.state = 'OVERDUE')::integer as overdue,
  count(*) filter (where l.state = 'NEVER')::integer as never,
  $5::integer - count(*) filter (where l.state <> 'UNDECLARED')::integer as undeclared
from unnest($2::text[]) with ordinality as k (kind, place)
left join lines l on l.kind = k.kind
group by k.kind, k.place
order by k.place`

/** Who writes each kind at some schools, the latest first. The policy of the table decides whose lines are told. */
export const KEEPERS = `
select ${COUNTED('k')}, k.application_id as "applicationId"
from access.record_keeper k
where k.school_id = any ($1::uuid[])
  and k.kind = any ($2::text[])
order by k.confirmed_at desc, k.application_id`

/** One authority says one thing after the other. */
export const LOCK_THRESHOLDS = `select pg_advisory_xact_lock(hashtextextended('reporting.freshness_threshold ' || $1, 0))`

const THRESHOLD = `t.id, t.authority_id as "authorityId", t.kind, t.level, t.days, t.reason, t.valid_from as "validFrom", t.declared_at as "declaredAt"`

/** Index freshness_threshold_one_in_force. */
export const THRESHOLDS_IN_FORCE = `
select ${THRESHOLD}
from reporting.freshness_threshold t
where t.authority_id = $1
  and t.valid_to is null`

/** What is asked of the schools of an office: by itself, and by whoever else oversees them today. */
export const THRESHOLDS_OF_SCHOOLS = `
select ${THRESHOLD}
from reporting.freshness_threshold t
where t.valid_to is null
  and (t.authority_id = $2 or t.authority_id in (
    select o.authority_id
    from access.oversight o
    where o.school_id = any ($1::uuid[])
      and $3::date between o.valid_from and coalesce(o.valid_to, 'infinity')))
order by t.authority_id, t.kind, t.level`

export const END_THRESHOLDS = `
update reporting.freshness_threshold
set valid_to = $2::date - 1
where id = any ($1::uuid[])`

export const DECLARE_THRESHOLDS = `
insert into reporting.freshness_threshold (id, authority_id, kind, level, days, reason, valid_from, declared_by_account_id, declared_at)
select t.id, $1, t.kind, t.level, t.days, t.reason, $2::date, $3, $4
from unnest($5::uuid[], $6::text[], $7::text[], $8::int[], $9::text[]) as t (id, kind, level, days, reason)`
