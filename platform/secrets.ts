// The platform's secrets: one file a service, so that each process holds only what it needs.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import { SERVICES, type RolePasswords } from './database/roles.ts'

export interface AdminSecrets {
  readonly superuserPassword: string
  readonly rolePasswords: RolePasswords
}

export interface GatewaySecrets {
  readonly databasePassword: string
  /** Ed25519, PEM: signs the viewer for the subgraphs. */
  readonly viewerPrivateKey: string
}

export interface SubgraphSecrets {
  readonly databasePassword: string
  readonly viewerPublicKey: string
  readonly cursorKey: string
}

export interface IdentitySecrets extends SubgraphSecrets {
  readonly signingKeys: readonly JWK[]
  readonly cookieKeys: readonly string[]
}

const random = (): string => randomBytes(32).toString('base64url')

function generate(): Record<string, object> {
  const viewer = generateKeyPairSync('ed25519')
  const tokens = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rolePasswords = Object.fromEntries(SERVICES.map((service) => [service, random()])) as Record<
    (typeof SERVICES)[number],
    string
  >
  const cursorKey = random()
  const subgraph = (name: SubgraphName): SubgraphSecrets => ({
    databasePassword: rolePasswords[name],
    viewerPublicKey: viewer.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    cursorKey,
  })
  const identity: IdentitySecrets = {
    ...subgraph('identity'),
    signingKeys: [
      { ...tokens.privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' } as JWK,
    ],
    cookieKeys: [random()],
  }
  const gateway: GatewaySecrets = {
    databasePassword: rolePasswords.gateway,
    viewerPrivateKey: viewer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  const admin: AdminSecrets = { superuserPassword: random(), rolePasswords }
  return { ...Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name, subgraph(name)])), identity, gateway, admin }
}

/** Fills the folder once; a folder that has secrets is left alone. Readable by the owner only. */
export async function ensureSecrets(dir: string): Promise<void> {
  if (existsSync(join(dir, 'admin.json'))) return
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // admin.json is moved into place last: where it stands, all the others stand.
  for (const [name, content] of Object.entries(generate())) {
    const path = join(dir, `${name}.json`)
    await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
}

async function read<T>(dir: string, name: string): Promise<T> {
  const path = join(dir, `${name}.json`)
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch (error) {
    throw new Error(
      `The secrets file ${path} cannot be read (${(error as Error).message}). \`npm run secrets\` makes a folder of them.`,
      { cause: error },
    )
  }
}

export const readAdminSecrets = (dir: string): Promise<AdminSecrets> => read(dir, 'admin')
export const readGatewaySecrets = (dir: string): Promise<GatewaySecrets> => read(dir, 'gateway')
export const readIdentitySecrets = (dir: string): Promise<IdentitySecrets> => read(dir, 'identity')
export const readSubgraphSecrets = (dir: string, name: SubgraphName): Promise<SubgraphSecrets> => read(dir, name)
