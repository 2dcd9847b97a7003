// MikroORM for one subgraph: its entities, its migrations and the one pool that everything of the subgraph shares.
import { MikroORM, type Options } from '@mikro-orm/postgresql'
import type { EntitySchema } from '@mikro-orm/core'
import type { Pool } from 'pg'
import { createDatabase, type Database } from './database.ts'

export interface StorageOptions {
  /** Schema and role name part of the subgraph. */
  readonly name: string
  readonly url: string
  readonly entities: readonly EntitySchema[]
  readonly poolSize: number
  /** Where a lost connection is told; without a listener it would end the process. */
  readonly onConnectionError: (error: Error) => void
}

export interface Storage {
  readonly orm: MikroORM
  readonly pool: Pool
  readonly database: Database
  close(): Promise<void>
}

export async function openStorage({ name, url, entities, poolSize, onConnectionError }: StorageOptions): Promise<Storage> {
  let pool: Pool | undefined
  const options: Options = {
    clientUrl: url,
    // A unix socket stands in the query part of the URL, which only the driver reads.
    dbName: new URL(url).pathname.slice(1),
    schema: name,
    entities: [...entities],
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: poolSize },
    driverOptions: {
      connectionString: url,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 15_000,
      // A server that a firewall forgot ends no statement and closes no connection: without these two the pool would wait for it for good.
      query_timeout: 20_000,
      keepAlive: true,
      application_name: `lienthong ${name}`,
      onPoolCreated: (created: Pool) => {
        pool = created
      },
    },
    logger: () => undefined,
  }
  const orm = await MikroORM.init(options)
  await orm.connect()
  if (!pool) throw new Error(`MikroORM made no pool for ${name}`)
  const opened = pool
  opened.on('error', onConnectionError)
  opened.on('connect', (client) => client.on('error', onConnectionError))
  return { orm, pool: opened, database: createDatabase(opened), close: () => orm.close(true) }
}
