// Every transaction opens for a viewer: what is open to an application is asked of the grants alone, and a read that knows its schools
// beforehand is told at once when not all of them are open.
import { Migration } from '@mikro-orm/migrations'

export class OpeningsAreQuick20261128T0015 extends Migration {
  override up(): void {
    // As before. Applications and persons had one query of four parts, of which each caller has a use for one or three; all four
    // were made ready and run for every transaction. In the language of procedures each part is planned once for a connection, and with
    // the schools named apart from all schools, so that a thousand agreements are not looked through for one school.
    const granted = (named: string): string => `
      array(
        select distinct g.school_id
        from access.school_grant g
        where g.application_id = p_application ${named}
          and p_scope = any (g.scopes)
          and p_today between g.valid_from and g.valid_to
          and (p_account is null or exists (
            select 1
            from access.membership m
            join access.person p on p.account_id = m.account_id
            where m.account_id = p_account
              and m.school_id = g.school_id
              and p.status = 'ACTIVE'
              and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')))
        order by g.school_id)`
    this.addSql(`
create or replace function access.permitted_schools(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language plpgsql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
begin
  if p_application is not null and p_schools is not null then
    return ${granted('and g.school_id = any (p_schools)')};
  end if;
  if p_application is not null then
    return ${granted('')};
  end if;
  return array(
    select distinct s.school_id
    from (
      select o.school_id
      from access.person p
      join access.oversight o on o.authority_id = p.authority_id
      where p.account_id = p_account
        and p.role = 'AUTHORITY_OFFICER'
        and p.status = 'ACTIVE'
        and p_today between o.valid_from and coalesce(o.valid_to, 'infinity')
      union all
      select m.school_id
      from access.membership m
      join access.person p on p.account_id = m.account_id
      where m.account_id = p_account
        and p.status = 'ACTIVE'
        and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')
      union all
      select unnest(t.school_ids)
      from access.sandbox_tenant t
      join access.person p on p.account_id = t.account_id
      where t.account_id = p_account
        and p.role = 'DEVELOPER'
        and p.status = 'ACTIVE'
    ) s
    where p_schools is null or s.school_id = any (p_schools)
    order by s.school_id);
end
$$`)

    // A read that leaves together with its opening names the schools that were asked for. Where one of them is not open it must not
    // run at all: how long it looked at rows that it may not show would tell that they are there. The fault ends the message.
    this.addSql(`
create function access.open_all(p_application uuid, p_account uuid, p_scope text, p_schools uuid[], p_today date)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  opened uuid[] := access.open_viewer(p_application, p_account, p_scope, p_schools, p_today);
begin
  if cardinality(opened) is distinct from cardinality(p_schools) then
    raise exception using errcode = 'LT001', message = 'not all of these schools are open';
  end if;
  return opened;
end
$$`)
    this.addSql(`revoke all on function access.open_all(uuid, uuid, text, uuid[], date) from public`)
  }
}
