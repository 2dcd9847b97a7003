// The SQL of known documents. Which application is read or written was settled before: it comes by its id.

const DOCUMENT = `'sha256:' || d.hash as "documentId", d.text, d.names as "operationNames", d.origin, d.needed_scopes as "neededScopes", d.depth,
  d.cost, d.registered_at as "registeredAt", least(d.uses, 2147483647)::integer as uses, d.first_used_at as "firstUsedAt",
  d.last_used_at as "lastUsedAt"`

/** A list has 2,000 entries at most: sorting it is cheaper than an index that every counted use would have to be told of. */
export const KNOWN_DOCUMENT_PAGE = `
select ${DOCUMENT}, d.hash
from access.known_document d
where d.application_id = $1
  and ($2::timestamptz is null or (d.registered_at, d.hash) < ($2, $3::text))
order by d.registered_at desc, d.hash desc
limit $4`

export const KNOWN_DOCUMENTS = `
select ${DOCUMENT}, d.hash
from access.known_document d
where d.application_id = $1
  and d.hash = any ($2::text[])`

export const UNKNOWN_DOCUMENT_PAGE = `
select 'sha256:' || u.hash as "documentId", u.name as "operationName", least(u.seen, 2147483647)::integer as "timesSeen",
  u.first_seen_at as "firstSeenAt", u.last_seen_at as "lastSeenAt", u.hash
from access.unknown_document u
where u.application_id = $1
  and ($2::timestamptz is null or (u.last_seen_at, u.hash) < ($2, $3::text))
order by u.last_seen_at desc, u.hash desc
limit $4`

export const DOCUMENT_MODES = `
select p.application_id as "applicationId", p.mode
from access.document_policy p
where p.application_id = any ($1::uuid[])`

/** What the list holds, without the automatic ones, which the gateways bound. */
export const SIZE_OF_LIST = `
select count(*)::integer as documents, coalesce(sum(length(d.text)), 0)::integer as characters
from access.known_document d
where d.application_id = $1
  and d.origin = 'REGISTERED'`

export const ORIGINS = `
select d.hash, d.origin
from access.known_document d
where d.application_id = $1
  and d.hash = any ($2::text[])`

/** What came to be known by itself is from now on the vendor's word; its uses stay counted, by gateways that lock in the same order. */
export const REGISTER_DOCUMENTS = `
insert into access.known_document (application_id, hash, text, names, origin, needed_scopes, depth, cost, registered_at, registered_by)
select $1, d.hash, d.text, d.names, 'REGISTERED', d.scopes, d.depth, d.cost, $3, $4
from jsonb_to_recordset($2::jsonb) as d (hash text, text text, names text[], scopes text[], depth integer, cost integer)
order by d.hash
on conflict (application_id, hash) do update
set origin = excluded.origin, needed_scopes = excluded.needed_scopes, depth = excluded.depth, cost = excluded.cost,
  registered_at = excluded.registered_at, registered_by = excluded.registered_by`

export const FORGET_UNKNOWN = `
delete from access.unknown_document
where application_id = $1
  and hash = any ($2::text[])`

export const RETIRE_DOCUMENTS = `
with retired as (
  select d.hash
  from access.known_document d
  where d.application_id = $1
    and d.hash = any ($2::text[])
  order by d.hash
  for update)
delete from access.known_document d
using retired
where d.application_id = $1
  and d.hash = retired.hash
returning d.hash, d.origin`

export const SET_DOCUMENT_MODE = `
insert into access.document_policy (application_id, mode, changed_at)
values ($1, $2, $3)
on conflict (application_id) do update
set mode = excluded.mode, changed_at = excluded.changed_at`

/** The version of the application rises with what is decided about it. */
export const TOUCH_APPLICATION = `
update identity.application
set version = version + 1, updated_at = $2
where id = $1`

/** To every gateway, with the commit: what it knew of this list is over. */
export const ANNOUNCE_DOCUMENTS = `select pg_notify('lt_grants', 'documents:' || $1::uuid)`

/** To every gateway, with the commit: the state of the application's clients is to be asked for anew. */
export const ANNOUNCE_CLIENTS = `select identity.announce_clients($1::uuid, null, $2::timestamptz)`
