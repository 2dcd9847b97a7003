// The demo parties of the sandbox: a key for each, a password for people, the clients in the database, and var/sandbox.json that tells of them.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Client } from 'pg'
import { hasAuthenticator, putSecrets, type AccountSecrets } from '../../subgraphs/identity/people/secrets.ts'
import { toBase32, TOTP_SECRET_BYTES } from '../../subgraphs/identity/people/totp.ts'
import { SCOPE_NAMES } from '../../subgraphs/kernel/scopes.ts'
import { OWNER } from '../database/roles.ts'

export interface SandboxSchool {
  readonly id: string
  readonly code: string
  readonly name: string
  /** What the agreement opens at this school; empty for people, whose scopes stand on the party. */
  readonly scopes: readonly string[]
}

export interface SandboxParty {
  readonly clientId: string
  readonly name: string
  readonly kind: 'APPLICATION' | 'PERSON'
  readonly role: string
  /** Path relative to sandbox.json. */
  readonly privateKeyFile: string
  readonly scopes: readonly string[]
  readonly schools: readonly SandboxSchool[]
  /** With what a person signs in at the pages; the secret is for an authenticator app. */
  readonly signIn?: AccountSecrets & { readonly email: string }
}

export interface Sandbox {
  readonly graphql: string
  readonly explorer: string
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly authorizationEndpoint: string
  /** At which people sign in; the redirect may have any port (RFC 8252, 7.3). Applications have the same redirect. */
  readonly portal: { readonly clientId: string; readonly redirectUri: string }
  readonly audience: string
  readonly parties: readonly SandboxParty[]
}

interface PartyRow {
  client_id: string
  application_id: string | null
  vendor_id: string | null
  account_id: string | null
  authority_id: string | null
  role: string | null
  display_name: string
  email: string | null
  scopes: string[]
}

// Applications act under what the Sở approved; of the people, the officers, the principals and two teachers of a school. Whoever
// signed up or was registered since keeps keys and passwords of their own.
const PARTIES = `
select a.code as client_id, a.id as application_id, a.vendor_id, null::uuid as account_id, null::uuid as authority_id, null as role,
  a.name as display_name, null as email, p.scopes
from identity.application a
join identity.approval p on p.application_id = a.id
where a.environment = 'SANDBOX'
  and not exists (select 1 from identity.registry_event e where e.application_id = a.id and e.act = 'REGISTER')
union all
select case when c.role = 'TEACHER' then 'giao-vien-' || c.place || '.' || split_part(split_part(c.email, '@', 2), '.', 1)
         when c.role = 'PRINCIPAL' then 'hieu-truong.' || split_part(split_part(c.email, '@', 2), '.', 1)
         else split_part(c.email, '@', 1) end,
  null, null, c.id, c.authority_id, c.role, c.display_name, c.email, c.scopes
from (
  select account.*, row_number() over (partition by role, split_part(email, '@', 2) order by id) as place
  from identity.account
  where role <> 'DEVELOPER'
) c
where c.role <> 'TEACHER' or c.place <= 2`

/** Every school an application has an agreement with, whatever its scopes; or those a person oversees or works at. */
const OPEN_SCHOOLS = `
select coalesce(array_agg(g.school_id), '{}') as schools
from access.school_grant g
where g.application_id = $1
  and $3::date between g.valid_from and g.valid_to
  and $2::uuid is null
union all
select access.permitted_schools(null, $2, '', null, $3)
where $1::uuid is null`

const SCHOOLS = `
select s.school_id as id, s.code, s.name, coalesce(g.scopes, '{}') as scopes
from schools.school s
left join access.school_grant g on g.school_id = s.school_id and g.application_id = $1 and $2::date between g.valid_from and g.valid_to
where s.school_id = any ($3::uuid[])
order by s.code`

async function schoolsOf(client: Client, row: PartyRow, today: string): Promise<SandboxSchool[]> {
  const { rows } = await client.query<{ schools: string[] }>(OPEN_SCHOOLS, [row.application_id, row.account_id, today])
  const ids = rows.flatMap(({ schools }) => schools)
  await client.query(`set local lt.schools = '{${ids.join(',')}}'`)
  return (await client.query<SandboxSchool>(SCHOOLS, [row.application_id, today, ids])).rows
}

async function privateKeyOf(dir: string, clientId: string): Promise<string> {
  const path = join(dir, `${clientId}.pem`)
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(`${path}.new`, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
  return readFile(path, 'utf8')
}

/** Made once and kept beside the key: a password of the sandbox stays the same over restarts. */
async function secretsOf(dir: string, clientId: string): Promise<AccountSecrets> {
  const path = join(dir, `${clientId}.sign-in.json`)
  if (!existsSync(path)) {
    const secrets: AccountSecrets = {
      password: randomBytes(12).toString('base64url'),
      totpSecret: toBase32(randomBytes(TOTP_SECRET_BYTES)),
    }
    await writeFile(`${path}.new`, `${JSON.stringify(secrets)}\n`, { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
  return JSON.parse(await readFile(path, 'utf8')) as AccountSecrets
}

const PORTAL = 'lien-thong-portal'
const LOOPBACK_REDIRECT = 'http://127.0.0.1/callback'

/** The province's own client. It holds every scope because it is nobody: what a token of it may do, the person decides. */
const PUT_PORTAL = `
insert into access.client (client_id, first_party, redirect_uris, display_name, environment, scopes, status, jwks, updated_at)
values ($1, true, $2, 'Cổng Liên Thông', 'SANDBOX', $3, 'ACTIVE', '{"keys":[]}', $4)
on conflict (client_id) do update set scopes = excluded.scopes, redirect_uris = excluded.redirect_uris`

const publicJwks = (pem: string) => ({ keys: [{ ...createPublicKey(pem).export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] })

export interface PartiesOptions {
  readonly adminUrl: string
  readonly dataDir: string
  readonly accountKeys: readonly string[]
  readonly now: Date
  /** The calendar day in Vietnam. */
  readonly today: string
}

/** Gives every demo party its key and registers it; run at every start, so that a lost key file is simply made anew. */
export async function registerParties({ adminUrl, dataDir, accountKeys, now, today }: PartiesOptions): Promise<SandboxParty[]> {
  const keyDir = join(dataDir, 'sandbox-keys')
  await mkdir(keyDir, { recursive: true, mode: 0o700 })
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local role ${OWNER}`)
    const { rows } = await client.query<PartyRow>(PARTIES)
    await client.query(PUT_PORTAL, [PORTAL, [LOOPBACK_REDIRECT], SCOPE_NAMES, now.toISOString()])
    const parties: SandboxParty[] = []
    for (const row of rows) {
      const jwks = publicJwks(await privateKeyOf(keyDir, row.client_id))
      await client.query(
        `insert into access.client (client_id, application_id, vendor_id, account_id, display_name, environment, scopes, status, jwks, updated_at, redirect_uris)
         values ($1, $2, $3, $4, $5, 'SANDBOX', $6, 'ACTIVE', $7, $8, $9)
         on conflict (client_id) do update set jwks = excluded.jwks
         where access.client.jwks <> excluded.jwks`,
        [
          row.client_id,
          row.application_id,
          row.vendor_id,
          row.account_id,
          row.display_name,
          row.scopes,
          JSON.stringify(jwks),
          now.toISOString(),
          row.application_id ? [LOOPBACK_REDIRECT] : [],
        ],
      )
      const secrets = row.account_id ? await secretsOf(keyDir, row.client_id) : undefined
      if (row.account_id && secrets && !(await hasAuthenticator(client, row.account_id, secrets.totpSecret, accountKeys)))
        await putSecrets(client, row.account_id, secrets, accountKeys, now)
      parties.push({
        clientId: row.client_id,
        name: row.display_name,
        kind: row.application_id ? 'APPLICATION' : 'PERSON',
        role: row.role ?? 'APPLICATION',
        privateKeyFile: relative(dataDir, join(keyDir, `${row.client_id}.pem`)),
        scopes: row.scopes,
        schools: await schoolsOf(client, row, today),
        ...(secrets && row.email ? { signIn: { email: row.email, ...secrets } } : {}),
      })
    }
    await client.query('commit')
    return parties
  } finally {
    await client.end()
  }
}

/** The one place where README, tests, explorer and scripts find the sandbox's credentials. Never written in production. */
export async function writeSandboxFile(dataDir: string, publicUrl: string, parties: readonly SandboxParty[]): Promise<Sandbox> {
  const sandbox: Sandbox = {
    graphql: `${publicUrl}/graphql`,
    explorer: `${publicUrl}/explorer`,
    issuer: publicUrl,
    tokenEndpoint: `${publicUrl}/oauth/token`,
    audience: `${publicUrl}/graphql`,
    authorizationEndpoint: `${publicUrl}/oauth/authorize`,
    portal: { clientId: PORTAL, redirectUri: LOOPBACK_REDIRECT },
    parties,
  }
  const path = join(dataDir, 'sandbox.json')
  await writeFile(`${path}.new`, `${JSON.stringify(sandbox, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return sandbox
}

export async function readSandboxFile(dataDir: string): Promise<Sandbox> {
  return JSON.parse(await readFile(join(dataDir, 'sandbox.json'), 'utf8')) as Sandbox
}
