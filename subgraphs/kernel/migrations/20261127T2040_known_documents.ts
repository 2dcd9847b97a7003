// Documents that an application may ask for by their hash: its list, how strictly the list is held, and what was asked beside it.
import { Migration } from '@mikro-orm/migrations'

export class KnownDocuments20261127T2040 extends Migration {
  override up(): void {
    // No row: OFF.
    this.addSql(`
create table access.document_policy (
  application_id uuid primary key,
  mode text not null,
  changed_at timestamptz not null,
  constraint document_policy_mode_known check (mode in ('OFF', 'REPORT', 'ENFORCE'))
)`)

    // The key begins with the application: what one has registered is nothing to another, also not by the time an answer takes.
    this.addSql(`
create table access.known_document (
  application_id uuid not null,
  hash text not null,
  text text not null,
  names text[] not null,
  origin text not null,
  needed_scopes text[] not null,
  depth integer not null,
  cost integer,
  registered_at timestamptz not null,
  registered_by text not null,
  uses bigint not null default 0,
  first_used_at timestamptz,
  last_used_at timestamptz,
  primary key (application_id, hash),
  constraint known_document_origin_known check (origin in ('REGISTERED', 'AUTOMATIC')),
  constraint known_document_hash_is_of_its_text check (hash = encode(sha256(convert_to(text, 'UTF8')), 'hex'))
)`)

    // What an application asked for that it has not registered: counted, never kept as text.
    this.addSql(`
create table access.unknown_document (
  application_id uuid not null,
  hash text not null,
  name text,
  seen bigint not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (application_id, hash)
)`)
    this.addSql(`create index unknown_document_by_age on access.unknown_document (application_id, last_seen_at desc)`)

    this.addSql(`
create function access.document_mode(p_client_id text)
returns text
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select p.mode
  from access.client c
  join access.document_policy p on p.application_id = c.application_id
  where c.client_id = p_client_id
$$`)

    this.addSql(`
create function access.find_document(p_application uuid, p_hash text)
returns table (origin text, text text)
language sql stable security definer
set search_path = pg_catalog, access, pg_temp
as $$
  select d.origin, d.text
  from access.known_document d
  where d.application_id = p_application
    and d.hash = p_hash
$$`)

    // In the sandbox alone (see the roles): a client that sends text and hash is remembered, and the longest unused go first.
    // Two of one application follow one another, or both would find room for the last one.
    this.addSql(`
create function access.remember_document(p_application uuid, p_hash text, p_text text, p_names text[], p_scopes text[], p_depth integer,
  p_client text, p_now timestamptz, p_most integer, p_most_characters integer)
returns boolean
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtext('lienthong.documents'), hashtext(p_application::text));
  insert into access.known_document (application_id, hash, text, names, origin, needed_scopes, depth, registered_at, registered_by, last_used_at)
  values (p_application, p_hash, p_text, p_names, 'AUTOMATIC', p_scopes, p_depth, p_now, p_client, p_now)
  on conflict do nothing;
  if not found then
    return false;
  end if;
  delete from access.known_document d
  using (
    select k.hash,
      row_number() over newest as place,
      sum(length(k.text)) over newest as characters
    from access.known_document k
    where k.application_id = p_application
      and k.origin = 'AUTOMATIC'
    window newest as (order by k.hash = p_hash desc, coalesce(k.last_used_at, k.registered_at) desc, k.hash)
  ) kept
  where d.application_id = p_application
    and d.hash = kept.hash
    and (kept.place > p_most or kept.characters > p_most_characters);
  perform pg_notify('lt_grants', 'documents:' || p_application);
  return true;
end
$$`)

    // What the gateways counted since they told last. Of what is unknown each application keeps the latest few.
    this.addSql(`
create function access.count_documents(p_counts jsonb, p_most_unknown integer)
returns void
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  one record;
begin
  for one in
    select c.application, c.hash, c.known, c.name, c.count, c.first_at, c.last_at
    from jsonb_to_recordset(p_counts) as c (application uuid, hash text, known boolean, name text, count bigint,
      first_at timestamptz, last_at timestamptz)
    -- Two gateways that count the same documents lock them in the same order.
    order by 1, 2, 3
  loop
    if one.known then
      update access.known_document d
      set uses = d.uses + one.count,
          first_used_at = least(d.first_used_at, one.first_at),
          last_used_at = greatest(d.last_used_at, one.last_at)
      where d.application_id = one.application
        and d.hash = one.hash;
    else
      insert into access.unknown_document as u (application_id, hash, name, seen, first_seen_at, last_seen_at)
      values (one.application, one.hash, one.name, one.count, one.first_at, one.last_at)
      on conflict (application_id, hash) do update
      set seen = u.seen + excluded.seen,
          name = coalesce(excluded.name, u.name),
          first_seen_at = least(u.first_seen_at, excluded.first_seen_at),
          last_seen_at = greatest(u.last_seen_at, excluded.last_seen_at);
    end if;
  end loop;
  delete from access.unknown_document u
  using (
    select k.application_id, k.hash, row_number() over (partition by k.application_id order by k.last_seen_at desc, k.hash) as place
    from access.unknown_document k
    where k.application_id in (
      select c.application from jsonb_to_recordset(p_counts) as c (application uuid, known boolean) where not c.known)
  ) kept
  where u.application_id = kept.application_id
    and u.hash = kept.hash
    and kept.place > p_most_unknown;
end
$$`)

    this.addSql(`revoke all on access.document_policy, access.known_document, access.unknown_document from public`)
    this.addSql(`
revoke all on function access.document_mode(text), access.find_document(uuid, text), access.count_documents(jsonb, integer),
  access.remember_document(uuid, text, text, text[], text[], integer, text, timestamptz, integer, integer) from public`)
  }
}
