// A sandbox tenant begins anew with everything gone, also what a policy hides: records that were merged, and what was kept of them.
import { Migration } from '@mikro-orm/migrations'

export class TenantsBeginWhole20261127T2036 extends Migration {
  override up(): void {
    // As before, and merged records are shown: a row that the emptying does not see stays, and holds back its class and its school.
    // Whoever calls this refills the tenant in the same transaction and reads no record.
    this.addSql(`
create or replace function access.open_tenant(p_tenant uuid)
returns uuid[]
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  opened uuid[] := (select t.school_ids from access.sandbox_tenant t where t.id = p_tenant);
begin
  if opened is not null then
    execute format('set local lt.schools = %L', opened::text);
    execute 'set local lt.application = ''''';
    execute 'set local lt.merged = ''shown''';
    execute format('set local lt.tenants = %L', array[p_tenant]::text);
  end if;
  return opened;
end
$$`)
  }
}
