// How fresh the records of a school are: when each kind was last looked after and last changed, and what each application did for it.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools, toldToItselfAndToOverseers, toldToWhoSeesTheWhole } from '../migration-kit.ts'

/** Who wrote in person, and the initial load: an application that is none (RFC 9562, nil). */
const NOBODY = `'00000000-0000-0000-0000-000000000000'`

export class RecordsHaveAFreshness20261127T2100 extends Migration {
  override up(): void {
    // Of a kind two facts: \`confirmed_at\`, the last accepted record, changed or not, and \`changed_at\`. Counts stand by day, the
    // newest first, as many days as a window may have: one row a kind, and nothing to tidy up.
    const counts = `
  counted_on date not null,
  changed integer[] not null,
  confirmed integer[] not null`
    this.addSql(`
create table access.record_freshness (
  school_id uuid not null,
  kind text not null,
  confirmed_at timestamptz not null,
  changed_at timestamptz,
  changed_by uuid,${counts},
  primary key (school_id, kind)
)`)
    this.addSql(`
create table access.record_keeper (
  school_id uuid not null,
  kind text not null,
  application_id uuid not null,
  confirmed_at timestamptz not null,
  changed_at timestamptz,${counts},
  primary key (school_id, kind, application_id)
)`)
    // No index has the times, so that a batch changes one row in its place: an authority reads all rows of its schools.
    this.addSql(`create index record_keeper_by_application on access.record_keeper (application_id, school_id, kind)`)

    for (const table of ['record_freshness', 'record_keeper'])
      for (const sql of openToAgreedSchools(`access.${table}`)) this.addSql(sql)
    const told = [...toldToWhoSeesTheWhole('access.record_freshness'), ...toldToItselfAndToOverseers('access.record_keeper')]
    for (const sql of told) this.addSql(sql)

    this.addSql(`
create function access.day_counts(p_counts integer[], p_counted_on date, p_more integer, p_day date)
returns integer[]
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select array[c.days[1] + p_more] || c.days[2:]
  from (
    select array_fill(0, array[least(greatest(p_day - p_counted_on, 0), 31)])
      || p_counts[1 : 31 - least(greatest(p_day - p_counted_on, 0), 31)] as days) c
$$`)
    // In the order of the keys, so that two batches never wait for each other. It steps behind what the caller may see of the rows,
    // for the length of one statement: who writes the guardians of a school keeps their freshness and does not read it. To the sender of a record that was held back
    // without its being told (p_told), it changed, as the answer said; to the school it did not.
    this.addSql(`
create function access.note_records(p_schools uuid[], p_kinds text[], p_changed integer[], p_told integer[], p_confirmed integer[],
  p_application uuid, p_at timestamptz, p_day date)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
begin
  execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';
  insert into access.record_freshness as f (school_id, kind, confirmed_at, changed_at, changed_by, counted_on, changed, confirmed)
  select n.school_id, n.kind, p_at, case when n.changed > 0 then p_at end, case when n.changed > 0 then p_application end, p_day,
    access.day_counts(array_fill(0, array[31]), p_day, n.changed, p_day),
    access.day_counts(array_fill(0, array[31]), p_day, n.confirmed, p_day)
  from unnest(p_schools, p_kinds, p_changed, p_confirmed) as n (school_id, kind, changed, confirmed)
  order by n.school_id, n.kind
  on conflict (school_id, kind) do update
  set confirmed_at = greatest(f.confirmed_at, excluded.confirmed_at),
    changed_at = greatest(f.changed_at, excluded.changed_at),
    changed_by = case when excluded.changed_at >= coalesce(f.changed_at, '-infinity') then excluded.changed_by else f.changed_by end,
    counted_on = greatest(f.counted_on, excluded.counted_on),
    changed = access.day_counts(f.changed, f.counted_on, excluded.changed[1], excluded.counted_on),
    confirmed = access.day_counts(f.confirmed, f.counted_on, excluded.confirmed[1], excluded.counted_on);
  insert into access.record_keeper as k (school_id, kind, application_id, confirmed_at, changed_at, counted_on, changed, confirmed)
  select n.school_id, n.kind, coalesce(p_application, ${NOBODY}), p_at, case when n.told > 0 then p_at end, p_day,
    access.day_counts(array_fill(0, array[31]), p_day, n.told, p_day),
    access.day_counts(array_fill(0, array[31]), p_day, n.confirmed, p_day)
  from unnest(p_schools, p_kinds, p_told, p_confirmed) as n (school_id, kind, told, confirmed)
  order by n.school_id, n.kind
  on conflict (school_id, kind, application_id) do update
  set confirmed_at = greatest(k.confirmed_at, excluded.confirmed_at),
    changed_at = greatest(k.changed_at, excluded.changed_at),
    counted_on = greatest(k.counted_on, excluded.counted_on),
    changed = access.day_counts(k.changed, k.counted_on, excluded.changed[1], excluded.counted_on),
    confirmed = access.day_counts(k.confirmed, k.counted_on, excluded.confirmed[1], excluded.counted_on);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);
end
$$`)
    this.addSql(`revoke all on access.record_freshness, access.record_keeper from public`)
    this.addSql(`
revoke all on function access.day_counts(integer[], date, integer, date),
  access.note_records(uuid[], text[], integer[], integer[], integer[], uuid, timestamptz, date) from public`)
  }
}
