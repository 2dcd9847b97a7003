// The parties of the sandbox province, as viewers that the gateway would have minted, and the schools they may be tried at.
import { randomUUID } from 'node:crypto'
import { admitViewer, type Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { TestDatabase } from './database.ts'

interface ApplicationParty {
  id: string
  vendor_id: string
  name: string
  scopes: Scope[]
}

interface AccountParty {
  id: string
  authority_id: string | null
  display_name: string
  role: Viewer['role']
  scopes: Scope[]
}

const base = () => ({
  environment: 'SANDBOX' as const,
  grantVersion: 1,
  requestId: randomUUID(),
  operationName: 'Test',
  operationHash: 'test',
  idempotencyKey: null,
})

/** The viewer of an application, by its code: `smas`, `vnedu`, `enetviet`, `misa-emis`, `vietschool`. */
export async function applicationViewer(database: TestDatabase, code: string, overrides: Partial<Viewer> = {}): Promise<Viewer> {
  const [row] = await database.sql<ApplicationParty>(
    `select a.id, a.vendor_id, a.name, p.scopes from identity.application a join identity.approval p on p.application_id = a.id where a.code = $1`,
    [code],
  )
  if (!row) throw new Error(`no application ${code} in the province`)
  return admitViewer({
    ...base(),
    clientId: code,
    applicationId: row.id,
    vendorId: row.vendor_id,
    accountId: null,
    role: null,
    authorityId: null,
    displayName: row.name,
    scopes: row.scopes,
    ...overrides,
  })
}

/** The viewer of a person, by the beginning of their mailbox: `can-bo-so`, `can-bo-hac-thanh`, `tuan-thu`, `hieu-truong@thpt-hac-thanh`. */
export async function personViewer(database: TestDatabase, mailbox: string, overrides: Partial<Viewer> = {}): Promise<Viewer> {
  const [row] = await database.sql<AccountParty>(
    `select id, authority_id, display_name, role, scopes from identity.account where email like $1 order by id`,
    [`${mailbox}%`],
  )
  if (!row) throw new Error(`no account ${mailbox} in the province`)
  return admitViewer({
    ...base(),
    clientId: mailbox,
    applicationId: null,
    vendorId: null,
    accountId: row.id,
    role: row.role,
    authorityId: row.authority_id,
    displayName: row.display_name,
    scopes: row.scopes,
    ...overrides,
  })
}

/** A school by its agreement: one the application works at, or one it does not. */
export async function schoolOf(
  database: TestDatabase,
  code: string,
  { level, agreed = true }: { level?: string; agreed?: boolean } = {},
): Promise<{ id: string; code: string; name: string }> {
  const [row] = await database.sql<{ id: string; code: string; name: string }>(
    `select s.school_id as id, s.code, s.name from schools.school s
     where ($2::text is null or $2 = any (s.levels))
       and exists (select 1 from access.school_grant g join identity.application a on a.id = g.application_id
                   where a.code = $1 and g.school_id = s.school_id and date '2026-11-20' between g.valid_from and g.valid_to) = $3
     order by s.code limit 1`,
    [code, level ?? null, agreed],
  )
  if (!row) throw new Error(`no such school for ${code}`)
  return row
}
