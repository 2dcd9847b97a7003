// What migrations of all subgraphs share: the row-level policy of a school's table, and the tables every writer has.

/** Row-level security by agreement, forced for the owner too. No sub-query: the setting is compared, nothing is looked up. */
export function openToAgreedSchools(table: string): string[] {
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy open_to_agreed_schools on ${table}
       using (school_id = any (nullif(current_setting('lt.schools', true), '')::uuid[]))
       with check (school_id = any (nullif(current_setting('lt.schools', true), '')::uuid[]))`,
  ]
}

/** Rows that rest on consent: an application sees them only where it stands among the consenting ones of the row. */
export function openToConsentedApplications(table: string): string[] {
  return [
    `create policy open_to_consented_applications on ${table} as restrictive for select
       using (current_setting('lt.application', true) = ''
         or nullif(current_setting('lt.application', true), '')::uuid = any (consented_applications))`,
  ]
}

/**
 * Rows of a class: where an agreement names levels or school years, an application sees those of the classes within them alone.
 * Which schools are narrowed so, and which classes stay, the opening function has worked out (see access.open_viewer); almost
 * always none is, and the first comparison decides.
 */
export function cutToTermsOfAgreement(table: string): string[] {
  return [
    `create policy within_terms_of_agreement on ${table} as restrictive
       using (coalesce(current_setting('lt.narrowed', true), '') = ''
         or school_id <> all (nullif(current_setting('lt.narrowed', true), '')::uuid[])
         or class_id = any (nullif(current_setting('lt.classes', true), '')::uuid[]))`,
  ]
}

/**
 * The outbox of a subgraph: what changed, written in the transaction of the change. A reader takes rows below the
 * oldest running transaction (\`transaction\`), so that a late commit is never skipped.
 */
export function outboxTable(schema: string): string[] {
  return [
    `create table ${schema}.outbox (
       school_id uuid not null,
       id bigint generated always as identity,
       transaction xid8 not null default pg_current_xact_id(),
       occurred_at timestamptz not null,
       entity text not null,
       entity_id uuid not null,
       natural_key text not null,
       event text not null,
       version integer not null,
       application_id uuid,
       primary key (school_id, id),
       constraint outbox_event_known check (event in ('NEW', 'UPDATE', 'CANCEL'))
     )`,
    `create index outbox_in_commit_order on ${schema}.outbox (transaction, id)`,
    ...openToAgreedSchools(`${schema}.outbox`),
  ]
}

/**
 * First answers of keyed requests, kept 72 h so that a retry has one effect. Local to the subgraph, not a school's. As json and
 * not jsonb: an answer repeats words of its caller, and jsonb refuses NUL and halves of surrogate pairs, with the whole batch.
 */
export function idempotencyTable(schema: string): string[] {
  return [
    `create table ${schema}.idempotency_answer (
       caller text not null,
       key text not null,
       request_hash text not null,
       answer json not null,
       created_at timestamptz not null,
       primary key (caller, key)
     )`,
    `create index idempotency_answer_by_age on ${schema}.idempotency_answer (created_at)`,
  ]
}
