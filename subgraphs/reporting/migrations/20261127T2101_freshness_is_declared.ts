// How fresh an authority asks the records of its schools to be; and the freshness of what was written before anybody kept it.
import { Migration } from '@mikro-orm/migrations'
import { idempotencyTable } from '../../kernel/migration-kit.ts'

const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`

/** Kind of record → where its provenance stands: table, the application of the last change, the time of it. */
const PROVENANCE: readonly (readonly [string, string, string])[] = [
  ['CLASS_ROOM', 'schools.class_room', 'application_id'],
  ['STAFF', 'schools.staff', 'application_id'],
  ['STUDENT', 'schools.student', 'application_id'],
  ['ENROLMENT', 'schools.enrolment', 'application_id'],
  ['TEACHING_ASSIGNMENT', 'schools.teaching_assignment', 'application_id'],
  ['HOMEROOM_ASSIGNMENT', 'schools.homeroom_assignment', 'application_id'],
  ['GUARDIAN', 'schools.guardian', 'application_id'],
  ['HEALTH_RECORD', 'schools.health_record', 'application_id'],
  ['FACILITY', 'schools.facility', 'application_id'],
  ['CAMPUS', 'schools.campus', 'application_id'],
  ['SCORE', 'gradebook.score', 'application_id'],
  ['CONSENT', 'identity.consent', 'recorded_by_application_id'],
]

const WRITTEN = PROVENANCE.map(
  ([
    kind,
    table,
    application,
  ]) => `    select '${kind}' as kind, coalesce(r.${application}, ${NOBODY}) as application_id, r.updated_at
    from ${table} r
    where r.school_id = p_school`,
).join('\n    union all\n')

const KEPT = `kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
  kept_tenants text := coalesce(current_setting('lt.tenants', true), '');`
const RESTORE = `execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);
  execute format('set local lt.tenants = %L', kept_tenants);`

export class FreshnessIsDeclared20261127T2101 extends Migration {
  override up(): void {
    // Of an authority, a kind and a level one line is in force; one that is replaced ends the day before and stays.
    this.addSql(`
create table reporting.freshness_threshold (
  id uuid primary key,
  authority_id uuid not null,
  kind text not null,
  level text not null,
  days integer not null,
  reason text not null,
  valid_from date not null,
  valid_to date,
  declared_by_account_id uuid,
  declared_at timestamptz not null,
  constraint freshness_threshold_level_known check (level in ('MN', 'TH', 'THCS', 'THPT', 'GDTX')),
  constraint freshness_threshold_days_in_range check (days between 1 and 400),
  constraint freshness_threshold_has_a_time check (valid_to is null or valid_to >= valid_from - 1)
)`)
    this.addSql(
      `create unique index freshness_threshold_one_in_force on reporting.freshness_threshold (authority_id, kind, level) where valid_to is null`,
    )
    for (const sql of idempotencyTable('reporting')) this.addSql(sql)

    // The freshness of a school as its provenance has it: what changed last, on which day how much. What was sent and stood already
    // left no trace before, so the last change is the last proof. One school at a time, for the policies; it runs as the owner.
    this.addSql(`
create function published.recount_freshness(p_school uuid, p_day date)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
begin
  execute format('set local lt.schools = %L', array[p_school]::text);
  execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';
  delete from access.record_freshness where school_id = p_school;
  delete from access.record_keeper where school_id = p_school;
  with written as (
${WRITTEN}
  ), days as (
    select w.kind, w.application_id, (w.updated_at at time zone 'Asia/Ho_Chi_Minh')::date as day, count(*)::integer as records,
      max(w.updated_at) as at
    from written w
    group by 1, 2, 3
  ), keepers as (
    select d.kind, d.application_id, max(d.at) as at
    from days d
    group by 1, 2
  )
  insert into access.record_keeper (school_id, kind, application_id, confirmed_at, changed_at, counted_on, changed, confirmed)
  select p_school, k.kind, k.application_id, k.at, k.at, p_day, c.counts, c.counts
  from keepers k
  cross join lateral (
    select array_agg(coalesce(d.records, 0) order by g.ago) as counts
    from generate_series(0, 30) as g (ago)
    left join days d on d.kind = k.kind and d.application_id = k.application_id and d.day = p_day - g.ago) c;
  insert into access.record_freshness (school_id, kind, confirmed_at, changed_at, changed_by, counted_on, changed, confirmed)
  select p_school, k.kind, max(k.confirmed_at), max(k.changed_at),
    nullif((array_agg(k.application_id order by k.changed_at desc))[1], ${NOBODY}), p_day, c.counts, c.counts
  from access.record_keeper k
  cross join lateral (
    select array_agg(t.records order by t.place) as counts
    from (
      select g.place, sum(o.changed[g.place])::integer as records
      from access.record_keeper o
      cross join generate_series(1, 31) as g (place)
      where o.school_id = p_school
        and o.kind = k.kind
      group by g.place) t) c
  where k.school_id = p_school
  group by k.kind, c.counts;
  ${RESTORE}
end
$$`)
    // A sandbox that is filled anew is as fresh as what it was filled with.
    this.addSql(`
create function published.recount_freshness_of_tenant(p_tenant uuid, p_day date)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
  opened uuid[] := access.open_tenant(p_tenant);
  one uuid;
begin
  if opened is null then
    raise exception 'no such tenant' using errcode = 'no_data_found';
  end if;
  foreach one in array opened loop
    perform published.recount_freshness(one, p_day);
  end loop;
  ${RESTORE}
end
$$`)
    this.addSql(`
revoke all on function published.recount_freshness(uuid, date), published.recount_freshness_of_tenant(uuid, date) from public`)

    this.addSql(`
select published.recount_freshness(s.id, (current_timestamp at time zone 'Asia/Ho_Chi_Minh')::date)
from (
  select school_id from access.oversight
  union
  select school_id from access.school_grant
  union
  select unnest(school_ids) from access.sandbox_tenant) as s (id)`)
  }
}
