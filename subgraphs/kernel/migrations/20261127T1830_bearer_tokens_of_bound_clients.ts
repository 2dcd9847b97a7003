// A client that must bind its tokens: the gateways ask, so that a bearer token given to it before opens nothing any more.
import { Migration } from '@mikro-orm/migrations'

export class BearerTokensOfBoundClients20261127T1830 extends Migration {
  override up(): void {
    this.addSql(`
create function access.bound_only(p_client_id text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select c.dpop_bound from access.client c where c.client_id = p_client_id
$$`)
    this.addSql(`revoke all on function access.bound_only(text) from public`)
  }
}
