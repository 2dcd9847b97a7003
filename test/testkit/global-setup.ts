// Before all tests: one PostgreSQL, and in it two databases to copy from: migrated, and migrated with the sandbox province.
import './shifted-clock.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { provision } from '../../platform/database/provision.ts'
import { startEmbeddedPostgres } from '../../platform/postgres/embedded.ts'
import { ensureProvince } from '../../platform/sandbox/prepare.ts'
import { ensureSecrets, readAdminSecrets } from '../../platform/secrets.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser address of the run's server, database `postgres`. */
    serverUrl: string
    /** Folder of the run: secrets are in it. */
    runDir: string
  }
}

export const MIGRATED = 'template_migrated'
export const PROVINCE = 'template_province'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runDir = await mkdtemp(join(tmpdir(), 'lienthong-test-'))
  const secretsDir = join(runDir, 'secrets')
  await ensureSecrets(secretsDir)
  const { superuserPassword, rolePasswords } = await readAdminSecrets(secretsDir)
  const server = await startEmbeddedPostgres({
    dataDir: join(runDir, 'postgres'),
    superuserPassword,
    // Nothing of a test run must survive a power cut.
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
  })
  try {
    const client = new Client({ connectionString: server.connectionUrl() })
    // The server of a failed setup is stopped under this connection; unheard, that would end the run before it says what failed.
    client.on('error', () => undefined)
    await client.connect()
    await client.query(`create database ${MIGRATED}`)
    await provision({ adminUrl: server.connectionUrl(MIGRATED), rolePasswords, sandbox: true, log: () => undefined })
    await client.query(`create database ${PROVINCE} template ${MIGRATED}`)
    await ensureProvince(server.connectionUrl(PROVINCE), new Date(), true)
    await client.end()
  } catch (error) {
    await server.stop()
    throw error
  }
  await writeFile(join(runDir, 'README'), 'A test run of Liên Thông. Safe to delete.\n')
  project.provide('serverUrl', server.connectionUrl())
  project.provide('runDir', runDir)
  return async () => {
    await server.stop()
    await rm(runDir, { recursive: true, force: true })
  }
}
