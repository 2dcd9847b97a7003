// Grants say for which levels and school years they stand.
import { Migration } from '@mikro-orm/migrations'

export class GrantsCarryTerms20261122T1500 extends Migration {
  override up(): void {
    // As before, with the levels and school years of the agreement.
    this.addSql(`
create or replace function identity.publish_school_grants(p_application uuid, p_agreement uuid)
returns void
language plpgsql
set search_path = pg_catalog, identity, access, pg_temp
as $$
declare
  looking_as text := coalesce(current_setting('lt.application', true), '');
begin
  -- What a decision publishes and what an end takes away are worked out one after the other, whoever forgot to lock.
  perform 1 from identity.application a where a.id = p_application for update;
  delete from access.school_grant
  where application_id = p_application
    and (p_agreement is null or agreement_id = p_agreement);
  execute format('set local lt.application = %L', p_application::text);
  insert into access.school_grant (agreement_id, application_id, school_id, scopes, agreement_version, purpose, levels, school_years,
    valid_from, valid_to)
  select g.id, g.application_id, g.school_id, shared.scopes, g.version, g.purpose, g.levels, g.school_years,
         greatest(g.valid_from, p.valid_from), least(g.valid_to, p.valid_to, p.superseded_from - 1)
  from identity.agreement g
  join identity.application a on a.id = g.application_id
  join identity.approval p on p.application_id = g.application_id
  cross join lateral (
    select array_agg(scope order by scope) as scopes
    from unnest(g.scopes) scope
    where scope = any (p.scopes)
  ) shared
  where g.application_id = p_application
    and (p_agreement is null or g.id = p_agreement)
    and g.ended_at is null
    and a.status = 'ACTIVE'
    and shared.scopes is not null
    and greatest(g.valid_from, p.valid_from) <= least(g.valid_to, p.valid_to, p.superseded_from - 1);
  execute format('set local lt.application = %L', looking_as);
end
$$`)

    // Those that stand already. Agreements show themselves to their own application, so one after the other looks at its own.
    this.addSql(`
do $$
declare
  looking uuid;
begin
  for looking in select distinct g.application_id from access.school_grant g loop
    execute format('set local lt.application = %L', looking::text);
    update access.school_grant g
    set levels = a.levels, school_years = a.school_years
    from identity.agreement a
    where g.application_id = looking
      and a.id = g.agreement_id
      and (a.levels <> '{}' or a.school_years <> '{}');
  end loop;
  execute 'set local lt.application = ''''';
end
$$`)
  }
}
