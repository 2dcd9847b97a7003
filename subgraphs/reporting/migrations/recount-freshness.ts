// The freshness of a school as its provenance has it.

const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`

/** Kind of record → where its provenance stands: table, the application of the last change, the time of it. */
export type ProvenanceOfKinds = readonly (readonly [kind: string, table: string, application: string])[]

export const KEPT = `kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
  kept_tenants text := coalesce(current_setting('lt.tenants', true), '');`
export const RESTORE = `execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);
  execute format('set local lt.tenants = %L', kept_tenants);`

/**
 * What changed last, on which day how much. What was sent and stood already left no trace before, so the last change is the last
 * proof. One school at a time, for the policies; it runs as the owner. A later migration that brings another kind calls this again
 * with the longer list; a test asks for every kind.
 */
export function recountFreshness(kinds: ProvenanceOfKinds): string {
  const written = kinds
    .map(
      ([
        kind,
        table,
        application,
      ]) => `    select '${kind}' as kind, coalesce(r.${application}, ${NOBODY}) as application_id, r.updated_at
    from ${table} r
    where r.school_id = p_school`,
    )
    .join('\n    union all\n')
  return `
create or replace function published.recount_freshness(p_school uuid, p_day date)
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
${written}
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
$$`
}
