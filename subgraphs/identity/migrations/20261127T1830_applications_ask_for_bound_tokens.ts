// Whether an application gets tokens only against a proof of a key (DPoP) stands in the registry, and is published to its client.
import { Migration } from '@mikro-orm/migrations'

export class ApplicationsAskForBoundTokens20261127T1830 extends Migration {
  override up(): void {
    // What the Sở has ordered, the vendor cannot lift: so it is kept who required it.
    this.addSql(`
alter table identity.application
  add column token_binding text not null default 'OPTIONAL',
  add column token_binding_ordered boolean not null default false,
  add constraint application_token_binding_known check (token_binding in ('OPTIONAL', 'REQUIRED')),
  add constraint application_orders_what_is_required check (token_binding = 'REQUIRED' or not token_binding_ordered)`)
    // What an operator set in the database before there was an act for it stays in force, as an order.
    this.addSql(`
update identity.application a
set token_binding = 'REQUIRED', token_binding_ordered = true
from access.client c
where c.application_id = a.id
  and c.dpop_bound`)

    // As before, and the client is told how its tokens are bound: also the one that comes to be with this publication.
    this.addSql(`
create or replace function identity.publish_application(p_application uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, identity, access, pg_temp
as $$
declare
  today date := (p_now at time zone 'Asia/Ho_Chi_Minh')::date;
  registered identity.application := (select a from identity.application a where a.id = p_application);
  approved text[] := (
    select coalesce(array_agg(distinct scope order by scope), '{}')
    from identity.approval p
    cross join unnest(p.scopes) scope
    where p.application_id = p_application
      and least(p.valid_to, p.superseded_from - 1) >= today);
  keys jsonb := (
    select jsonb_agg(c.jwk || case when c.expires_at is null then '{}' else jsonb_build_object('exp', floor(extract(epoch from c.expires_at))) end
                     order by c.registered_at desc, c.id)
    from identity.credential c
    where c.application_id = p_application
      and c.revoked_at is null
      and coalesce(c.expires_at, 'infinity') > p_now);
  managed boolean := exists (select 1 from identity.credential c where c.application_id = p_application);
begin
  if registered.status = 'ACTIVE' and keys is not null then
    insert into access.client (client_id, application_id, vendor_id, display_name, environment, scopes, status, jwks, updated_at)
    select registered.code, registered.id, registered.vendor_id, registered.name, registered.environment, approved, 'ACTIVE', '{}', p_now
    where not exists (select 1 from access.client where application_id = p_application);
  end if;
  update access.client
  set status = registered.status,
      scopes = approved,
      display_name = registered.name,
      dpop_bound = registered.token_binding = 'REQUIRED',
      jwks = case when managed then jsonb_build_object('keys', coalesce(keys, '[]')) else jwks end
  where application_id = p_application
    and registered.status in ('ACTIVE', 'SUSPENDED', 'REVOKED');
  perform identity.publish_school_grants(p_application, null);
  perform identity.announce_clients(p_application, null, p_now);
end
$$`)
  }
}
