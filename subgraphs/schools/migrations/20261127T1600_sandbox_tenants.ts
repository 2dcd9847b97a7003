// A sandbox tenant has an authority, school codes and a roster of its own, apart from the province's.
import { Migration } from '@mikro-orm/migrations'
import { keptApartByTenant, refillOfTenant } from '../../kernel/migration-kit.ts'

export class SandboxTenants20261127T1600 extends Migration {
  override up(): void {
    for (const sql of [...keptApartByTenant('schools.authority'), ...keptApartByTenant('schools.school_code')]) this.addSql(sql)

    // What stands beside the schools and stays over a reset. Said twice, it stands once. The codes begin with letters, where
    // those of the Ministry are digits, so that none can be mistaken for a real one.
    this.addSql(`
create function published.found_tenant(p_tenant uuid, p_authority jsonb, p_schools jsonb, p_now timestamptz)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_tenants text := coalesce(current_setting('lt.tenants', true), '');
  opened uuid[] := access.open_tenant(p_tenant);
begin
  if opened is null then
    raise exception 'no such tenant' using errcode = 'no_data_found';
  end if;
  insert into schools.authority (id, code, kind, name, name_en, valid_from, updated_at, tenant_id)
  select a.id, a.code, 'COMMUNE', a.name, a.name_en, a.valid_from, p_now, p_tenant
  from jsonb_to_record(p_authority) as a (id uuid, code text, name text, name_en text, valid_from date)
  where a.code like 'SB%'
  on conflict do nothing;
  insert into schools.school_code (code, current, school, tenant_id)
  select s.code, true, s.id, p_tenant
  from jsonb_to_recordset(p_schools) as s (id uuid, code text)
  where s.id = any (opened)
    and s.code like 'SB%'
  on conflict do nothing;
  insert into access.oversight (authority_id, school_id, kind, valid_from)
  select a.id, unnest(opened), 'MANAGING', a.valid_from
  from schools.authority a
  where a.tenant_id = p_tenant
  on conflict do nothing;
  execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.tenants = %L', kept_tenants);
end
$$`)
    this.addSql(`revoke all on function published.found_tenant(uuid, jsonb, jsonb, timestamptz) from public`)
    for (const sql of refillOfTenant('schools')) this.addSql(sql)
  }
}
