// Sandbox tenants: one call gives a developer synthetic schools and credentials, another brings them to their first state.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { HOLDERS_OF_SCHOOLS } from '../../kernel/subgraphs.ts'
import type { TenantGenerator, TenantToFill } from '../../kernel/tenant.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { TENANT_SCOPES } from '../registry/sandbox-scopes.ts'
import type { CreateSandboxInput } from '../schema/sandbox-inputs.ts'
import type { SandboxAccess, SandboxTenant } from '../schema/sandbox-types.ts'
import { NO_SCHOOL } from '../store/loaders.ts'
import { PUBLISH_APPLICATION } from '../store/registry-writing.ts'
import * as sql from '../store/sandbox-queries.ts'
import { act, lineOf, recordRegistryChange } from './acts.ts'
import { insertKey, publicKeyOf } from './credentials.ts'

const opening = { scope: 'identity.read', schools: NO_SCHOOL } as const

/** One for what works, one for what is being tried, one for a colleague's question. */
export const MOST_TENANTS = 3

export function listSandboxes(context: SubgraphContext): Promise<SandboxTenant[]> {
  return context.database.read(context, opening, (tx) =>
    tx.query<SandboxTenant & Record<string, unknown>>(sql.TENANTS_OF_ACCOUNT, [context.viewer.accountId]),
  )
}

/** Another developer's reads as one that is not there. */
export async function getSandbox(context: SubgraphContext, id: string): Promise<SandboxTenant> {
  const wanted = uuidOf(id)
  const found = (await listSandboxes(context)).find((tenant) => tenant.id === wanted)
  if (!found) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return found
}

/** Production has no generator, and no right to found anything. */
function generatorOf({ tenants }: SubgraphContext): TenantGenerator {
  if (tenants) return tenants
  throw new PlatformError('ACT_FORBIDDEN', {
    message: 'There are no sandboxes on this platform.',
    messageVi: 'Hệ thống này không có môi trường thử nghiệm.',
  })
}

/**
 * Follows from the tenant and a key of the process, so that a retry with its idempotency key is answered the same secret although
 * it is stored nowhere: the database holds its hash alone.
 */
const secretOf = ({ cursorKey }: SubgraphContext, tenantId: string): string =>
  createHmac('sha256', cursorKey).update(`sandbox secret/${tenantId}`).digest('base64url')
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Letters and digits that nobody mistakes for one another. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const newToken = (): string => [...randomBytes(10)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')

export async function createSandbox(context: SubgraphContext, input: CreateSandboxInput): Promise<SandboxAccess> {
  const generator = generatorOf(context)
  const key = input.publicKey ? publicKeyOf(input.publicKey) : null
  const name = lineOf(input.name ?? 'Môi trường thử nghiệm', 'name')
  const { accountId } = context.viewer
  const made = await act(context, opening, { createSandbox: input }, async (tx) => {
    const now = context.now()
    const at = now.toISOString()
    const [id, applicationId, vendorId, token] = [uuidv7(now), uuidv7(now), uuidv7(now), newToken()]
    const clientId = `sandbox-${token.toLowerCase()}`
    const [added] = await tx.query<{ schools: string[] | null }>(sql.ADD_TENANT, [
      id,
      accountId,
      applicationId,
      vendorId,
      name,
      token,
      generator.schoolCount,
      MOST_TENANTS,
      at,
    ])
    if (!added?.schools) throw new PlatformError('SANDBOX_LIMIT', { limit: MOST_TENANTS })
    await tx.query(sql.INSERT_TENANT_VENDOR, [vendorId, clientId, accountId, at, id])
    await tx.query(sql.INSERT_TENANT_APPLICATION, [applicationId, vendorId, clientId, name, at, id])
    await tx.query(sql.INSERT_TENANT_APPROVAL, [uuidv7(now), applicationId, TENANT_SCOPES, at])
    if (key) await insertKey(context, tx, applicationId, key)
    else
      await tx.query(sql.INSERT_CLIENT_WITH_SECRET, [clientId, applicationId, vendorId, name, at, hashOf(secretOf(context, id))])
    await fill(context, tx, generator, { id, token, applicationId, schoolIds: added.schools, createdAt: now })
    await recordRegistryChange(context, tx, {
      subject: 'APPLICATION',
      vendorId,
      applicationId,
      act: 'CREATE_SANDBOX',
      to: 'ACTIVE',
      fields: ['SandboxTenant.id'],
    })
    return { id, clientId }
  })
  return {
    tenant: await getSandbox(context, made.id),
    clientId: made.clientId,
    clientSecret: key ? null : secretOf(context, made.id),
  }
}

interface Resetting extends Record<string, unknown> {
  id: string
  applicationId: string
  vendorId: string
  token: string
  schoolIds: string[]
  createdAt: string
}

/** One transaction: whoever breaks it off leaves the tenant as it was. Keys, secret and application stay. */
export async function resetSandbox(context: SubgraphContext, tenantId: string): Promise<SandboxTenant> {
  const generator = generatorOf(context)
  const wanted = uuidOf(tenantId)
  if (!wanted) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  const id = await act(context, opening, { resetSandbox: tenantId }, async (tx) => {
    const at = context.now().toISOString()
    const [tenant] = await tx.query<Resetting>(sql.BEGIN_RESET, [wanted, context.viewer.accountId, at])
    if (!tenant) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
    // Of the day on which it was made: the first state is the same state a month later.
    await fill(context, tx, generator, { ...tenant, createdAt: new Date(tenant.createdAt) })
    await recordRegistryChange(context, tx, {
      subject: 'APPLICATION',
      vendorId: tenant.vendorId,
      applicationId: tenant.applicationId,
      act: 'RESET_SANDBOX',
      from: 'ACTIVE',
      to: 'ACTIVE',
      fields: ['SandboxTenant.filledAt'],
    })
    return tenant.id
  })
  return getSandbox(context, id)
}

/** What opens the schools comes last: nobody reads a tenant that is half there. */
async function fill(context: SubgraphContext, tx: Transaction, generator: TenantGenerator, tenant: TenantToFill): Promise<void> {
  const { authority, schools, tables } = await generator.generate(tenant)
  const at = context.now().toISOString()
  await tx.query(sql.FOUND_TENANT, [tenant.id, JSON.stringify(authority), JSON.stringify(schools), at])
  for (const schema of HOLDERS_OF_SCHOOLS) await tx.query(sql.refillOf(schema), [tenant.id, JSON.stringify(tables[schema])])
  await tx.query(sql.RECOUNT_FRESHNESS, [tenant.id, vietnamDay(context.now())])
  await tx.query(PUBLISH_APPLICATION, [tenant.applicationId, at])
}
