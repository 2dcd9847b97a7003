// The levels and school years of an agreement reach the rows: a transaction opens schools, and of a school that is narrowed its classes.
import { Migration } from '@mikro-orm/migrations'

export class AgreementsNarrow20261122T1500 extends Migration {
  override up(): void {
    this.addSql(`
alter table access.school_grant
  add column levels text[] not null default '{}',
  add column school_years text[] not null default '{}'`)
    // Few agreements are narrowed, and most applications have none that is: they find that out here.
    this.addSql(`
create index school_grant_narrowed on access.school_grant (application_id)
  where levels <> '{}' or school_years <> '{}'`)

    // Around the function that opens the schools, so that nobody opens a school and forgets its terms. A school is narrowed when
    // every agreement that lends the scope today names levels or school years; what any of them names is open. The classes are
    // looked up here, once for a transaction, because a policy looks nothing up: the roster stands under its own policies, which
    // show this function the schools just opened and no other.
    this.addSql(`alter function access.open_viewer(uuid, uuid, text, uuid[], date) rename to open_schools`)
    this.addSql(`
create function access.open_viewer(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  permitted uuid[] := access.open_schools(p_application, p_account, p_scope, p_schools, p_today);
  narrowed uuid[];
  terms text[];
  classes uuid[];
begin
  if coalesce(current_setting('lt.narrowed', true), '') <> '' then
    execute 'set local lt.narrowed = ''''';
  end if;
  if p_application is null or not exists (
    select 1
    from access.school_grant g
    where g.application_id = p_application
      and (g.levels <> '{}' or g.school_years <> '{}')) then
    return permitted;
  end if;
  narrowed := array(
    select g.school_id
    from access.school_grant g
    where g.application_id = p_application
      and g.school_id = any (permitted)
      and p_scope = any (g.scopes)
      and p_today between g.valid_from and g.valid_to
    group by g.school_id
    having bool_and(g.levels <> '{}' or g.school_years <> '{}'));
  if cardinality(narrowed) = 0 then
    return permitted;
  end if;
  terms := array(
    select distinct g.school_id || '/' || l.level || '/' || y.id
    from access.school_grant g
    cross join unnest(case when g.levels = '{}' then array['MN', 'TH', 'THCS', 'THPT', 'GDTX'] else g.levels end) l (level)
    join schools.school_year y on g.school_years = '{}' or y.code = any (g.school_years)
    where g.application_id = p_application
      and g.school_id = any (narrowed)
      and p_scope = any (g.scopes)
      and p_today between g.valid_from and g.valid_to);
  classes := array(
    select c.id
    from schools.class_room c
    where c.school_id = any (narrowed)
      and c.school_id || '/' || c.level || '/' || c.school_year_id = any (terms));
  execute format('set local lt.terms = %L', terms::text);
  execute format('set local lt.classes = %L', classes::text);
  execute format('set local lt.narrowed = %L', narrowed::text);
  return permitted;
end
$$`)
    this.addSql(`revoke all on function access.open_viewer(uuid, uuid, text, uuid[], date) from public`)
  }
}
