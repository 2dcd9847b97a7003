// The platform's secrets: one file a service, so that each process holds only what it needs.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import { SERVICES } from './database/roles.ts'

const password = z.string().min(16)
const readsAs = (create: (pem: string) => unknown) =>
  z.string().refine((pem) => {
    try {
      return Boolean(create(pem))
    } catch {
      return false
    }
  })

const AdminSecrets = z.object({
  /** Of the embedded database. */
  superuserPassword: password,
  rolePasswords: z.object(
    Object.fromEntries(SERVICES.map((service) => [service, password])) as Record<(typeof SERVICES)[number], typeof password>,
  ),
})
export type AdminSecrets = Readonly<z.infer<typeof AdminSecrets>>

const GatewaySecrets = z.object({
  databasePassword: password,
  /** Ed25519, PEM: signs the viewer for the subgraphs. */
  viewerPrivateKey: readsAs(createPrivateKey),
})
export type GatewaySecrets = Readonly<z.infer<typeof GatewaySecrets>>

const SubgraphSecrets = z.object({
  databasePassword: password,
  viewerPublicKey: readsAs(createPublicKey),
  cursorKey: password,
})
export type SubgraphSecrets = Readonly<z.infer<typeof SubgraphSecrets>>

const SigningKey = z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), d: z.string() })
type SigningKey = z.infer<typeof SigningKey>

const IdentitySecrets = SubgraphSecrets.extend({
  /** Private keys that sign tokens; the first signs, the others are still published. */
  signingKeys: z.array(SigningKey).min(1),
  cookieKeys: z.array(password).min(1),
  /** Seal what accounts sign in with; the first seals, the others still open. Not in the database, so that a copy of it makes no codes. */
  accountKeys: z.array(password).min(1),
})
export type IdentitySecrets = Readonly<z.infer<typeof IdentitySecrets>>

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
      {
        ...tokens.privateKey.export({ format: 'jwk' }),
        kid: randomBytes(8).toString('hex'),
        alg: 'ES256',
        use: 'sig',
      } as SigningKey,
    ],
    cookieKeys: [random()],
    accountKeys: [random()],
  }
  const gateway: GatewaySecrets = {
    databasePassword: rolePasswords.gateway,
    viewerPrivateKey: viewer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  const admin: AdminSecrets = { superuserPassword: random(), rolePasswords }
  return { ...Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name, subgraph(name)])), identity, gateway, admin }
}

/** Fills the folder once; a folder that has secrets is left alone, but for what an earlier version did not know. Readable by the owner only. */
export async function ensureSecrets(dir: string): Promise<void> {
  if (existsSync(join(dir, 'admin.json'))) return addAccountKeys(dir)
  await mkdir(dirname(dir), { recursive: true })
  // Made whole beside the folder: of two first starts at the same moment one puts its set in place, and both use that one.
  const draft = await mkdtemp(join(dirname(dir), `.${basename(dir)}-`))
  try {
    for (const [name, content] of Object.entries(generate()))
      await writeFile(join(draft, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    await putInPlace(draft, dir)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** A folder that was filled before people could sign in has no key for what they sign in with. */
async function addAccountKeys(dir: string): Promise<void> {
  const path = join(dir, 'identity.json')
  const text = await readFile(path, 'utf8').catch(() => '')
  let identity: { accountKeys?: unknown; cookieKeys?: unknown }
  try {
    identity = JSON.parse(text) as typeof identity
  } catch {
    // Who reads the file says what is wrong with it, without quoting it as the parser would.
    return
  }
  if (identity.accountKeys !== undefined || identity.cookieKeys === undefined) return
  await writeFile(`${path}.new`, `${JSON.stringify({ ...identity, accountKeys: [random()] }, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

async function putInPlace(draft: string, dir: string): Promise<void> {
  try {
    // Succeeds where nothing or an empty folder stands.
    await rename(draft, dir)
    return
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  if (existsSync(join(dir, 'admin.json'))) return
  // A mounted folder cannot be replaced, and one with other files is not ours to replace: file by file, admin.json last,
  // so that where it stands all the others stand.
  const last = (name: string): number => (name === 'admin.json' ? 1 : 0)
  for (const name of (await readdir(draft)).toSorted((a, b) => last(a) - last(b))) {
    await copyFile(join(draft, name), join(dir, `${name}.new`))
    await rename(join(dir, `${name}.new`), join(dir, name))
  }
}

/** What a file holds is never quoted, neither by the parser's message nor by ours. */
async function read<T>(dir: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(dir, `${name}.json`)
  const fault = (what: string): Error =>
    new Error(`The secrets file ${path} ${what}. \`npm run secrets -- FOLDER\` fills an empty folder.`)
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw fault(`cannot be read (${error.message})`)
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw fault('is not JSON')
  }
  const { success, data, error } = schema.safeParse(content)
  if (!success) throw fault(`lacks or spoils ${error.issues.map((issue) => issue.path.join('.') || 'everything').join(', ')}`)
  return data
}

export const readAdminSecrets = (dir: string): Promise<AdminSecrets> => read(dir, 'admin', AdminSecrets)
export const readGatewaySecrets = (dir: string): Promise<GatewaySecrets> => read(dir, 'gateway', GatewaySecrets)
export const readIdentitySecrets = (dir: string): Promise<IdentitySecrets> => read(dir, 'identity', IdentitySecrets)
export const readSubgraphSecrets = (dir: string, name: SubgraphName): Promise<SubgraphSecrets> => read(dir, name, SubgraphSecrets)
