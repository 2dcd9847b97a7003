// A database of its own for a test file: copied from a template, dropped at the end.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { inject } from 'vitest'
import { roleOf, type Service } from '../../platform/database/roles.ts'
import { serviceUrl } from '../../platform/database/server.ts'
import { readAdminSecrets } from '../../platform/secrets.ts'
import { MIGRATED, PROVINCE } from './global-setup.ts'

export interface TestDatabase {
  readonly name: string
  /** As superuser. */
  readonly adminUrl: string
  /** As the role of a service. */
  urlOf(service: Service): string
  /** Runs one statement as superuser, past every policy: for arranging and for looking behind the walls. */
  sql<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>
  drop(): Promise<void>
}

export const secretsDir = (): string => join(inject('runDir'), 'secrets')

const withDatabase = (url: string, database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href

/** Looks this often, for two seconds in all: what a test forgot to close is broken then. */
const LOOKS = 100

/** A pool says that it has ended while its connections still close; one that the drop breaks meanwhile would end the run. */
async function untilDeserted(server: Client, name: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { rows } = await server.query(`select from pg_stat_activity where datname = $1 and backend_type = 'client backend'`, [
      name,
    ])
    if (rows.length === 0) return
    await server.query('select pg_sleep(0.02)')
  }
}

/** `province`: with the sandbox province; otherwise migrated and empty. */
export async function freshDatabase({ province = true }: { province?: boolean } = {}): Promise<TestDatabase> {
  const serverUrl = inject('serverUrl')
  const { rolePasswords } = await readAdminSecrets(secretsDir())
  const name = `test_${randomBytes(6).toString('hex')}`
  const server = new Client({ connectionString: serverUrl })
  await server.connect()
  await server.query(`create database ${name} template ${province ? PROVINCE : MIGRATED} strategy wal_log`)
  const adminUrl = withDatabase(serverUrl, name)
  const admin = new Client({ connectionString: adminUrl })
  admin.on('error', () => undefined)
  await admin.connect()
  return {
    name,
    adminUrl,
    urlOf: (service) => serviceUrl(adminUrl, roleOf(service), rolePasswords[service]),
    sql: async (text, values = []) => (await admin.query(text, [...values])).rows,
    drop: async () => {
      await admin.end()
      await untilDeserted(server, name)
      await server.query(`drop database ${name} with (force)`)
      await server.end()
    },
  }
}
