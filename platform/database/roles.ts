// The roles of the database: one owner without a login, one login for each service, which reaches its own schema alone.
import type { Client } from 'pg'
import { HOLDERS_OF_PUPILS, HOLDERS_OF_SCHOOLS, SUBGRAPH_NAMES } from '../../subgraphs/kernel/subgraphs.ts'

export const SERVICES = ['gateway', ...SUBGRAPH_NAMES] as const
export type Service = (typeof SERVICES)[number]
export type RolePasswords = Readonly<Record<Service, string>>

export const OWNER = 'lt_owner'
export const roleOf = (service: Service): string => `lt_${service}`

/** Schemas of the platform: a subgraph's own, the grants, and the views that others may read. */
export const SCHEMAS = ['access', 'published', ...SUBGRAPH_NAMES] as const

/** Creates what is missing; safe to run again, also with new passwords. */
export async function createRoles(client: Client, passwords: RolePasswords): Promise<void> {
  const known = new Set(
    (await client.query<{ rolname: string }>(`select rolname from pg_roles where rolname like 'lt\\_%'`)).rows.map(
      (row) => row.rolname,
    ),
  )
  if (!known.has(OWNER)) await client.query(`create role ${OWNER} nologin`)
  await client.query(`grant ${OWNER} to current_user`)
  for (const service of SERVICES) {
    const role = roleOf(service)
    const password = client.escapeLiteral(passwords[service])
    await client.query(`${known.has(role) ? 'alter' : 'create'} role ${role} login password ${password}`)
    // Instants come back as text in Vietnam's own offset; a statement or an idle transaction that hangs is ended.
    await client.query(`alter role ${role} set timezone = 'Asia/Ho_Chi_Minh'`)
    await client.query(`alter role ${role} set statement_timeout = '20s'`)
    await client.query(`alter role ${role} set idle_in_transaction_session_timeout = '30s'`)
  }
}

/**
 * PostgreSQL lets everybody make temporary objects, and looks for a type there before it looks anywhere else: a role that
 * named a domain `uuid` was seen to run its own code as the owner, through a function that runs as the owner. Run at every
 * start, because a dump and a copied database leave the privileges of the database behind.
 */
export async function forbidTemporaryObjects(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name')
  await client.query(`revoke temporary on database ${client.escapeIdentifier(rows[0]!.name)} from public`)
}

export async function createSchemas(client: Client): Promise<void> {
  for (const schema of SCHEMAS) {
    await client.query(`create schema if not exists ${schema} authorization ${OWNER}`)
    await client.query(`revoke all on schema ${schema} from public`)
  }
}

const READERS_OF_PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  lt_gradebook: [
    'school',
    'school_code',
    'class_room',
    'student',
    'staff',
    'subject',
    'subject_offering',
    'term',
    'teaching_assignment',
    'external_reference',
    'student_alias',
  ],
  lt_schools: ['school', 'school_code', 'external_reference', 'closed_gradebook'],
  lt_communications: ['school', 'student'],
  lt_reporting: ['school', 'authority', 'software_in_use', 'contact_book'],
  lt_identity: ['school', 'school_code', 'class_room', 'student', 'authority', 'external_reference', 'student_alias'],
}

/**
 * What its subgraph may delete: what is kept for a retry or a while, what names a record and is no record, and a request that is
 * asked anew. Every other row stays, also of a table that nobody thought of here.
 */
const MAY_GO: readonly string[] = [
  'idempotency_answer',
  'external_reference',
  'schools.student_alias',
  'identity.oidc_payload',
  'identity.sign_in_window',
  'identity.scope_request',
]
/** What was before, and what others were told. */
const WRITTEN_ONCE: readonly string[] = ['outbox', 'former_version', 'former_calendar']

const APPLY_TO_OWN_ROWS = [
  'apply_consents_to_guardians(uuid, uuid[], uuid, timestamptz)',
  'apply_consents_to_health(uuid, uuid[], uuid[], uuid, timestamptz)',
]

/** Who may touch which table. Run after the migrations, as the owner. */
export async function grantPrivileges(client: Client, { sandbox }: { sandbox: boolean }): Promise<void> {
  const run = (sql: string) => client.query(sql)
  for (const service of SERVICES) {
    const role = roleOf(service)
    await run(`grant usage on schema access to ${role}`)
    await run(`grant execute on function access.append_audit(jsonb) to ${role}`)
    if (service === 'gateway') continue
    for (const open of ['open_viewer', 'open_all'])
      await run(`grant execute on function access.${open}(uuid, uuid, text, uuid[], date) to ${role}`)
    // The part of it that opens schools and knows of no terms; a database of an earlier version still lends it.
    await run(`revoke execute on function access.open_schools(uuid, uuid, text, uuid[], date) from ${role}`)
    // Whoever tells the feed notes how fresh the records are, through this alone: times and counts are nobody's to set or take back.
    await run(
      `grant execute on function access.note_records(uuid[], text[], integer[], integer[], integer[], uuid, timestamptz, date) to ${role}`,
    )
    await run(`grant usage on schema ${service}, published to ${role}`)
    // An earlier version granted deleting as well.
    await run(`revoke delete on all tables in schema ${service} from ${role}`)
    await run(`grant select, insert, update on all tables in schema ${service} to ${role}`)
    await run(`grant usage on all sequences in schema ${service} to ${role}`)
  }
  // Nothing is deleted for good, of no subgraph and of no later one, but what is named; and what was is written once.
  const { rows: tables } = await client.query<{ schema: Service; table: string }>(
    `select n.nspname as schema, c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relkind in ('r', 'p')`,
    [SUBGRAPH_NAMES],
  )
  for (const { schema, table } of tables) {
    if (MAY_GO.includes(table) || MAY_GO.includes(`${schema}.${table}`))
      await run(`grant delete on ${schema}.${table} to ${roleOf(schema)}`)
    if (WRITTEN_ONCE.includes(table)) await run(`revoke update on ${schema}.${table} from ${roleOf(schema)}`)
  }
  await run(`revoke update on schools.rollover from lt_schools`)
  // How a pupil crosses schools is a function that proves the release.
  for (const act of [
    'pupils_elsewhere(uuid, text[], text[])',
    'find_claimed(uuid, jsonb)',
    'take_pupils(uuid, jsonb, date, timestamptz, uuid, uuid)',
    'claims_overseen(uuid, date, date)',
  ])
    await run(`grant execute on function schools.${act} to lt_schools`)
  await run(`revoke update on gradebook.score_amendment from lt_gradebook`)
  // Marks are written through their table: a partition has a name of its own, and rights on it would pass these by.
  const { rows: partitions } = await client.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'gradebook.score'::regclass`,
  )
  for (const { name } of partitions) await run(`revoke insert, update, delete on ${name} from lt_gradebook`)

  for (const [role, views] of Object.entries(READERS_OF_PUBLISHED))
    await run(`grant select on ${views.map((view) => `published.${view}`).join(', ')} to ${role}`)

  // Identity records the consents; the rows that rest on them follow through functions of their owners, and in no other way.
  for (const act of ['families(uuid, uuid[], boolean)', 'apply_consents_to_contact_book(uuid, uuid[], uuid, timestamptz, date)'])
    await run(`grant execute on function published.${act} to lt_identity`)
  // Who writes such a row makes it say what the consents in force say.
  for (const act of APPLY_TO_OWN_ROWS) await run(`grant execute on function published.${act} to lt_schools, lt_identity`)
  // Who left a school has no office there: the roster records the leaving, identity ends the office.
  await run(`grant execute on function published.end_offices(uuid, uuid[], date, timestamptz) to lt_schools`)
  // Who owns a field at a school follows from the kinds of the products there.
  await run(`grant execute on function published.products_at(uuid, date) to lt_schools`)
  // A merge of two records takes along what hangs on them, wherever it is, through functions of those who own the rows.
  for (const schema of HOLDERS_OF_PUPILS)
    for (const act of [
      `move_pupil_in_${schema}(uuid, uuid, uuid, text, timestamptz, uuid, uuid)`,
      `move_pupil_back_in_${schema}(uuid, uuid, uuid, jsonb, text, timestamptz, uuid, uuid)`,
      `rows_of_pupil_in_${schema}(uuid, uuid)`,
    ])
      await run(`grant execute on function published.${act} to lt_schools`)
  // What the law sends after a pupil is read through one function, which proves that the pupil came to the school that asks.
  await run(`grant execute on function gradebook.former_marks(uuid, uuid[]) to lt_gradebook`)
  await run(`grant execute on function published.marks_at_odds(uuid, uuid, uuid) to lt_schools`)
  // What was consented to, and when it ended, is evidence: nobody rewrites its history.
  await run(`revoke update on identity.consent_event from lt_identity`)

  // An event of the registry is said once: who decided what, and why, is not rewritten by the service that wrote it.
  await run(`revoke update on identity.registry_event, identity.school_event from lt_identity`)

  await run(`grant execute on function access.tokens_after(text), access.bound_only(text) to lt_gateway`)
  await run(
    `grant execute on function access.document_mode(text), access.find_document(uuid, text), access.count_documents(jsonb, integer) to lt_gateway`,
  )
  // A list that grows by being asked would be no list: nothing registers itself in production.
  const remember = 'access.remember_document(uuid, text, text, text[], text[], integer, text, timestamptz, integer, integer)'
  await run(
    sandbox ? `grant execute on function ${remember} to lt_gateway` : `revoke execute on function ${remember} from lt_gateway`,
  )
  await run(`grant select, insert, update, delete on access.document_policy, access.known_document to lt_identity`)
  await run(`grant select, delete on access.unknown_document to lt_identity`)
  await run(`grant execute on function access.resolve_bearer(text, uuid, text[]) to lt_gateway, lt_identity`)
  await run(
    `grant execute on function access.end_token(text, timestamptz, timestamptz), access.shares_a_school(uuid, uuid, date) to lt_identity`,
  )
  await run(`grant execute on function access.staff_of(uuid, uuid, date) to lt_gradebook`)
  // Who signed in when, and what was tried, is evidence.
  await run(`revoke update on identity.sign_in_event from lt_identity`)
  await run(`grant execute on function access.take_cost(jsonb, timestamptz) to lt_gateway`)
  await run(`grant execute on function access.use_proof(text, timestamptz), access.forget_proofs(timestamptz) to lt_gateway`)
  // Identity publishes the grants and reads the audit; who manages a school is the roster's to say.
  await run(
    `grant select, insert, update, delete on access.client, access.person, access.school_grant, access.membership to lt_identity`,
  )
  await run(`grant select on access.sandbox_tenant to lt_identity`)
  // Identity founds and refills sandbox tenants through functions of those who own the rows, which reach the schools of a tenant
  // and no others. In production there is no such right.
  for (const act of [
    'access.add_tenant(uuid, uuid, uuid, uuid, text, text, integer, integer, timestamptz)',
    'access.begin_reset(uuid, uuid, timestamptz)',
    'published.found_tenant(uuid, jsonb, jsonb, timestamptz)',
    'published.recount_freshness_of_tenant(uuid, date)',
    ...HOLDERS_OF_SCHOOLS.map((schema) => `published.refill_tenant_of_${schema}(uuid, jsonb)`),
  ])
    await run(sandbox ? `grant execute on function ${act} to lt_identity` : `revoke execute on function ${act} from lt_identity`)
  await run(`grant select on access.audit_event to lt_identity`)
  await run(`grant select, insert, update, delete on access.oversight to lt_schools`)
  await run(`grant select on access.oversight to lt_reporting, lt_identity`)
  await run(`grant select on access.record_freshness, access.record_keeper to lt_reporting`)
}
