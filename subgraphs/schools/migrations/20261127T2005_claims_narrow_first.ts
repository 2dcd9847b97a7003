// A claim narrows the schools before it looks closer, and the counts are found by their schools: a province has 3,000 of them.
import { Migration } from '@mikro-orm/migrations'

// A policy reads the list of open schools anew for every row that an index on something else finds: with 3,000 schools that was
// seen to cost 2 to 3 ms a row, and 1,000 claims took 13 s because each of their rows was met several times. So the province is
// open for one look, which names the schools concerned, and from there on only they are.

/** A release that `p_school` may take: open, and to it or to nobody in particular; who graduated is free without one. */
const IS_FREE = `s.status <> 'STUDYING'
      and ((t.state = 'RELEASED' and (t.to_school is null or t.to_school = p_school)) or (t.id is null and s.status = 'GRADUATED'))`

const RELEASE_OF = `left join schools.student_transfer t
      on t.school_id = s.school_id and t.student_id = s.id and t.direction = 'OUT' and t.state in ('RELEASED', 'TAKEN')`

const KEPT = `kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');`

const RESTORE = `execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);`

export class ClaimsNarrowFirst20261127T2005 extends Migration {
  override up(): void {
    this.addSql(`
create or replace function schools.find_claimed(p_school uuid, p_claims jsonb)
returns table (place integer, matched boolean, former_school uuid, former_student uuid, record jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
  -- Compared as they stand, so that each of the two indexes serves its own words.
  codes text[] := array(select c ->> 'code' from jsonb_array_elements(p_claims) c where c ->> 'code' is not null);
  numbers text[] := array(select c ->> 'number' from jsonb_array_elements(p_claims) c where c ->> 'number' is not null);
  near uuid[];
begin
  if p_school is null or p_school <> all (coalesce(nullif(kept_schools, '')::uuid[], '{}')) then
    raise exception 'the school is not open' using errcode = 'insufficient_privilege';
  end if;
  execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';
  execute format('set local lt.schools = %L', (select array_agg(distinct k.school) from schools.school_code k)::text);
  near := array(
    select s.school_id
    from schools.student s
    where s.code = any (codes)
      and s.school_id <> p_school
    union
    select s.school_id
    from schools.student s
    where s.personal_number = any (numbers)
      and s.school_id <> p_school);
  execute format('set local lt.schools = %L', near::text);
  perform 1
  from schools.student s
  where (s.code = any (codes) or s.personal_number = any (numbers))
    and s.school_id = any (near)
    and s.status <> 'STUDYING'
  order by s.school_id, s.id
  for no key update;
  return query
    with claim as materialized (
      select c.place, c.code, c.number, c.name, c.birth
      from jsonb_to_recordset(p_claims) c (place integer, code text, number text, name text, birth date)
    ), meant as materialized (
      select s.*
      from schools.student s
      where (s.code = any (codes) or s.personal_number = any (numbers))
        and s.school_id = any (near)
    ), named as (
      select c.place, s.school_id, s.id
      from claim c
      join meant s on s.code = c.code
      where s.birth_date = c.birth
        and split_part(s.sort_name, '!', 1) || '!' || replace(split_part(s.sort_name, '!', 2), '0', '') = c.name
      union
      select c.place, s.school_id, s.id
      from claim c
      join meant s on s.personal_number = c.number
      where s.birth_date = c.birth
        and split_part(s.sort_name, '!', 1) || '!' || replace(split_part(s.sort_name, '!', 2), '0', '') = c.name
    ), candidate as (
      select n.place, s.school_id, s.id, s.status, t.state, ${IS_FREE} as free, to_jsonb(s) as record
      from named n
      join meant s on s.school_id = n.school_id and s.id = n.id
      ${RELEASE_OF}
      where t.state is distinct from 'TAKEN'
    ), verdict as (
      select k.place, bool_or(k.status = 'STUDYING') as held
      from candidate k
      group by k.place
    )
    select v.place, true, f.school_id, f.id, f.record
    from verdict v
    left join lateral (
      select k.school_id, k.id, k.record
      from candidate k
      where k.place = v.place
        and k.free
        and not v.held
      order by k.state nulls last, k.record ->> 'updated_at' desc
      limit 1
    ) f on true;
  ${RESTORE}
end
$$`)
    // Read whole, each row would read the list of schools; by the key, the list is read once.
    this.addSql(`alter function schools.claims_overseen(uuid, date, date) set enable_seqscan = off`)
  }
}
