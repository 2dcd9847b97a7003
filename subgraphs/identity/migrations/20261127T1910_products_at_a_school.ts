// Which products work at a school today, told to the roster, which says from it who owns which field.
import { Migration } from '@mikro-orm/migrations'

export class ProductsAtASchool20261127T1910 extends Migration {
  override up(): void {
    // Who else works at a school is not a rival's business, and an application reads none of these rows: it is asked by the
    // roster, which answers no more than who owns a field. It reads what is in force, keeps to the schools that the transaction
    // opened, and of a sandbox tenant shows the tenant's own products, as the policy of the register has it.
    this.addSql(`
create function published.products_at(p_school uuid, p_today date)
returns table (application_id uuid, kind text, scopes text[], since date)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select a.id, a.kind, array_agg(distinct s.scope), min(g.valid_from)
  from access.school_grant g
  join identity.application a on a.id = g.application_id
  cross join unnest(g.scopes) s (scope)
  where g.school_id = p_school
    and p_school = any (nullif(current_setting('lt.schools', true), '')::uuid[])
    and p_today between g.valid_from and g.valid_to
    and a.status = 'ACTIVE'
  group by a.id, a.kind
$$`)
    this.addSql(`revoke all on function published.products_at(uuid, date) from public`)
  }
}
