// The secrets: made once, whole, for their owner's eyes; each process finds its own, and a spoilt file is named without being quoted.
import { spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVICES } from '../../platform/database/roles.ts'
import {
  ensureSecrets,
  readAdminSecrets,
  readGatewaySecrets,
  readIdentitySecrets,
  readSubgraphSecrets,
} from '../../platform/secrets.ts'
import { ROOT } from '../testkit/process.ts'

let base: string
/** A folder that stories read and leave as it is. */
let home: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lienthong-secrets-'))
  home = join(base, 'home')
  await ensureSecrets(home)
})
afterAll(() => rm(base, { recursive: true, force: true }))

const FILES = ['admin.json', ...SERVICES.map((service) => `${service}.json`)].toSorted()

const contentOf = async (dir: string): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all((await readdir(dir)).map(async (name) => [name, await readFile(join(dir, name), 'utf8')])))

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

describe('made', () => {
  test('one file for each service and one for provisioning, for the owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    const open = join(base, 'open')
    await ensureSecrets(open)
    process.umask(before)
    expect((await readdir(open)).toSorted()).toEqual(FILES)
    expect(await Promise.all([open, ...FILES.map((name) => join(open, name))].map(modeOf))).toEqual([
      '700',
      ...FILES.map(() => '600'),
    ])
  })

  test('once: a second time changes nothing, and two folders share nothing', async () => {
    const before = await contentOf(home)
    await ensureSecrets(home)
    expect(await contentOf(home)).toEqual(before)
    const other = join(base, 'other')
    await ensureSecrets(other)
    const [mine, theirs] = await Promise.all([readAdminSecrets(home), readAdminSecrets(other)])
    expect(Object.values(theirs.rolePasswords)).not.toEqual(expect.arrayContaining([mine.rolePasswords.gateway]))
    expect(new Set(Object.values(mine.rolePasswords)).size).toBe(SERVICES.length)
  })

  test('of ten first starts at the same moment all use one set', async () => {
    const crowded = join(base, 'new', 'crowded')
    await Promise.all(Array.from({ length: 10 }, () => ensureSecrets(crowded)))
    expect((await readdir(join(base, 'new'))).toSorted()).toEqual(['crowded'])
    await expectOneSet(crowded)
  })

  test('into a folder that is there: an empty one, one with other files, one where a killed start left a part', async () => {
    for (const [name, file] of [['empty'], ['shared', 'README'], ['part', 'gateway.json']] as const) {
      const dir = join(base, name)
      await mkdir(dir)
      if (file) await writeFile(join(dir, file), 'something else')
      await ensureSecrets(dir)
      await expectOneSet(dir)
      expect((await readdir(dir)).toSorted()).toEqual([...new Set([...FILES, ...(file ? [file] : [])])].toSorted())
    }
    expect(await readFile(join(base, 'shared', 'README'), 'utf8')).toBe('something else')
  })

  test('`npm run secrets` fills the folder it is given, and asks for one otherwise', () => {
    const secrets = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', './platform/typescript.js', 'platform/secrets-cli.ts', ...args], {
        cwd: ROOT,
        encoding: 'utf8',
      })
    expect(secrets()).toMatchObject({ status: 1, stderr: 'usage: npm run secrets -- DIR\n' })
    const dir = join(base, 'by-command')
    expect(secrets(dir)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(dir) })
    return expectOneSet(dir)
  })
})

/** What one service holds fits what the others hold. */
async function expectOneSet(dir: string): Promise<void> {
  const { rolePasswords } = await readAdminSecrets(dir)
  const gateway = await readGatewaySecrets(dir)
  const subgraphs = await Promise.all(
    SERVICES.filter((service) => service !== 'gateway').map(async (name) => ({
      name,
      ...(await readSubgraphSecrets(dir, name)),
    })),
  )
  expect(gateway.databasePassword).toBe(rolePasswords.gateway)
  const viewerKey = createPublicKey(gateway.viewerPrivateKey).export({ type: 'spki', format: 'pem' })
  for (const { name, databasePassword, viewerPublicKey } of subgraphs)
    expect([name, databasePassword, viewerPublicKey]).toEqual([name, rolePasswords[name], viewerKey])
}

describe('read', () => {
  test('no process finds more than its own: one password, and a private key only where something is signed', async () => {
    const files = await contentOf(home)
    const { rolePasswords, superuserPassword } = await readAdminSecrets(home)
    const { signingKeys } = await readIdentitySecrets(home)
    for (const service of SERVICES) {
      const text = files[`${service}.json`]!
      const passwords = Object.entries(rolePasswords).filter(([, password]) => text.includes(password))
      expect([service, passwords.map(([name]) => name), text.includes(superuserPassword)]).toEqual([service, [service], false])
      expect([service, text.includes('PRIVATE KEY')]).toEqual([service, service === 'gateway'])
      expect([service, text.includes(signingKeys[0]!.d)]).toEqual([service, service === 'identity'])
    }
  })

  test.each<[string, string | undefined, string]>([
    ['is missing', undefined, 'cannot be read (ENOENT'],
    ['is empty', '', 'is not JSON'],
    ['was cut off', '{"databasePassword": "geheim-geheim-geheim", "view', 'is not JSON'],
    ['holds something else', '["geheim"]', 'everything'],
    ['lacks a key', '{"databasePassword": "geheim-geheim-geheim"}', 'viewerPrivateKey'],
    ['holds an empty password', '{"databasePassword": "", "viewerPrivateKey": "geheim"}', 'databasePassword, viewerPrivateKey'],
    [
      'holds a key that is none',
      '{"databasePassword": "geheim-geheim-geheim", "viewerPrivateKey": "-----BEGIN PRIVATE KEY-----geheim"}',
      'viewerPrivateKey',
    ],
  ])('a file that %s is named, with its fault and the way out, and never quoted', async (_, content, fault) => {
    const dir = await mkdtemp(join(base, 'spoilt-'))
    const path = join(dir, 'gateway.json')
    if (content !== undefined) await writeFile(path, content)
    const reason = await readGatewaySecrets(dir).catch((error: Error) => error.message)
    expect(reason).toContain(path)
    expect(reason).toContain(fault)
    expect(reason).toContain('npm run secrets -- FOLDER')
    expect(reason).not.toMatch(/geheim|undefined/)
  })

  test('a spoilt admin file never becomes a database with a password that anybody can guess', async () => {
    const dir = await mkdtemp(join(base, 'spoilt-'))
    for (const content of [
      '{}',
      '{"superuserPassword": "", "rolePasswords": {}}',
      '{"superuserPassword": 1}',
      '{"superuserPassword": "short", "rolePasswords": null}',
    ]) {
      await writeFile(join(dir, 'admin.json'), content)
      await expect(readAdminSecrets(dir)).rejects.toThrow(/superuserPassword, rolePasswords/)
    }
  })

  test('a spoilt identity file is told at its reading, and not mended by a start', async () => {
    const dir = join(base, 'identity')
    await ensureSecrets(dir)
    await writeFile(join(dir, 'identity.json'), '{"cookieKeys": ["geheim')
    await ensureSecrets(dir)
    await expect(readIdentitySecrets(dir)).rejects.toThrow(/identity\.json is not JSON/)
    expect(await readFile(join(dir, 'identity.json'), 'utf8')).toBe('{"cookieKeys": ["geheim')
  })
})
