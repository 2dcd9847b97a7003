// Tokens bound to a key (RFC 9449): clients whose tokens must be, and the proofs of possession that were used already.
import { Migration } from '@mikro-orm/migrations'

export class UsedProofs20261127T1500 extends Migration {
  override up(): void {
    this.addSql(`alter table access.client add column dpop_bound boolean not null default false`)

    // The primary key is what refuses a second use: two gateways cannot both insert one row. Rows outlive the moment in which their
    // proof is accepted and no longer: the table holds minutes.
    this.addSql(`
create table access.used_proof (
  id text primary key,
  until timestamptz not null
)`)
    this.addSql(`create index used_proof_by_until on access.used_proof (until)`)
    this.addSql(`
create function access.use_proof(p_id text, p_until timestamptz)
returns boolean
language sql security definer
set search_path = pg_catalog, access, pg_temp
as $$
  with used as (
    insert into access.used_proof (id, until)
    values (p_id, p_until)
    on conflict (id) do nothing
    returning 1
  )
  select exists (select 1 from used)
$$`)
    // A bounded number at a time, found by used_proof_by_until; two gateways do not wait for each other.
    this.addSql(`
create function access.forget_proofs(p_before timestamptz)
returns void
language sql security definer
set search_path = pg_catalog, access, pg_temp
as $$
  delete from access.used_proof
  where id in (
    select id
    from access.used_proof
    where until < p_before
    order by until
    limit 2000
    for update skip locked
  )
$$`)
    this.addSql(`revoke all on access.used_proof from public`)
    this.addSql(`revoke all on function access.use_proof(text, timestamptz), access.forget_proofs(timestamptz) from public`)
  }
}
