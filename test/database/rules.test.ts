// The database's own walls and rules: what every migration must leave behind it.
import { MikroORM } from '@mikro-orm/postgresql'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODULES } from '../../platform/modules.ts'
import { SERVICES, type Service } from '../../platform/database/roles.ts'
import { HOLDERS_OF_PUPILS, HOLDERS_OF_SCHOOLS, SUBGRAPH_NAMES } from '../../subgraphs/kernel/subgraphs.ts'
import { KIND_OF_ENTITY } from '../../subgraphs/kernel/freshness.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

async function as<T>(service: Service, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database.urlOf(service) })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'allowed',
    (error: { code: string }) => error.code,
  )

const INSUFFICIENT_PRIVILEGE = '42501'

const tenantTables = (): Promise<{ table: string; schema: Service }[]> =>
  database.sql(
    `select n.nspname as schema, n.nspname || '.' || c.relname as table
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id'
     where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition order by 2`,
    [SUBGRAPH_NAMES],
  )

test('a transaction that forgot to open for a viewer sees no row of any school', async () => {
  const tables = await tenantTables()
  expect(tables.length).toBeGreaterThan(15)
  for (const { schema, table } of tables)
    await as(schema, async (client) => {
      expect([table, (await client.query(`select count(*)::int as rows from ${table}`)).rows[0].rows]).toEqual([table, 0])
    })
})

test('a query without a where clause shows the opened school and nothing else', async () => {
  const [grant] = await database.sql<{ application_id: string; school_id: string }>(
    `select g.application_id, g.school_id from access.school_grant g join identity.application a on a.id = g.application_id
     where a.code = 'smas' and 'student.basic.read' = any (g.scopes) order by g.school_id limit 1`,
  )
  await as('schools', async (client) => {
    await client.query('begin')
    await client.query(`select access.open_viewer($1, null, 'student.basic.read', $2, '2026-11-20')`, [
      grant!.application_id,
      [grant!.school_id],
    ])
    const { rows } = await client.query('select distinct school_id from schools.student')
    expect(rows).toEqual([{ school_id: grant!.school_id }])
    await client.query('commit')
    expect((await client.query('select count(*)::int as rows from schools.student')).rows[0].rows).toBe(0)
  })
})

describe('the set of schools is computed from the grants', () => {
  const opened = (application: string, scope: string, schools: string[] | null, day = '2026-11-20'): Promise<string[]> =>
    as('schools', async (client) => {
      const [{ id }] = (await database.sql<{ id: string }>('select id from identity.application where code = $1', [
        application,
      ])) as [{ id: string }]
      return (await client.query(`select access.open_viewer($1, null, $2, $3, $4) as schools`, [id, scope, schools, day])).rows[0]
        .schools
    })

  test('asking for every school of the province opens those agreed, and no other', async () => {
    const all = (await database.sql<{ school_id: string }>('select school_id from schools.school')).map((row) => row.school_id)
    const agreed = (
      await database.sql<{ school_id: string }>(
        `select g.school_id from access.school_grant g join identity.application a on a.id = g.application_id
         where a.code = 'smas' and 'school.read' = any (g.scopes) order by 1`,
      )
    ).map((row) => row.school_id)
    expect(await opened('smas', 'school.read', all)).toEqual(agreed)
    expect(agreed.length).toBeLessThan(all.length)
  })

  test('a scope that the agreement of a school leaves out leaves the school out', async () => {
    const reading = await opened('misa-emis', 'gradebook.read', null)
    const writing = await opened('misa-emis', 'gradebook.write', null)
    expect(reading.length).toBeGreaterThan(writing.length)
    expect(reading).toEqual(expect.arrayContaining(writing))
  })

  test('an agreement that has run out opens nothing, and did open while it lasted', async () => {
    const before = await opened('vnedu', 'school.read', null, '2026-07-01')
    const after = await opened('vnedu', 'school.read', null, '2026-11-20')
    const [ended] = await database.sql<{ school_id: string }>(
      `select g.school_id from access.school_grant g join identity.application a on a.id = g.application_id where a.code = 'vnedu' and g.valid_to = '2026-07-31'`,
    )
    expect(before).toContain(ended!.school_id)
    expect(after).not.toContain(ended!.school_id)
  })

  test('a school among others is opened as if it had been asked for alone, for an application and for a person', async () => {
    const [officer] = await database.sql<{ id: string }>(
      `select account_id as id from access.person where role = 'AUTHORITY_OFFICER' and status = 'ACTIVE' order by 1 limit 1`,
    )
    const [smas] = await database.sql<{ id: string }>(`select id from identity.application where code = 'smas'`)
    for (const [application, account] of [
      [smas!.id, null],
      [null, officer!.id],
      [smas!.id, officer!.id],
      [null, null],
    ]) {
      const [row] = await database.sql<{ all: string[]; each: string[] }>(
        `select access.permitted_schools($1, $2, 'school.read', null, '2026-11-20') as all,
           array(select s.school_id from schools.school s
             where access.permitted_schools($1, $2, 'school.read', array[s.school_id], '2026-11-20') = array[s.school_id]
             order by 1) as each`,
        [application, account],
      )
      expect(row!.each).toEqual(row!.all)
      expect(row!.all.length > 0).toBe((application === null) !== (account === null))
    }
  })

  test('what opens all or nothing opens what is open, and stops where one school is not', async () => {
    const [smas] = await database.sql<{ id: string; open: string; closed: string }>(
      `select a.id, g.school_id as open, (select s.school_id from schools.school s where not exists (
         select 1 from access.school_grant o where o.school_id = s.school_id and o.application_id = a.id) limit 1) as closed
       from identity.application a join access.school_grant g on g.application_id = a.id
       where a.code = 'smas' and 'school.read' = any (g.scopes) limit 1`,
    )
    const { id, open, closed } = smas!
    const ask = (schools: string[]) =>
      as('schools', async (client) => {
        const text = `select access.open_all($1, null, 'school.read', $2, '2026-11-20') as schools`
        return client.query<{ schools: string[] }>(text, [id, schools]).then(
          ({ rows }) => rows[0]!.schools,
          ({ code }: { code: string }) => code,
        )
      })
    expect([await ask([open]), await ask([open, closed]), await ask([closed])]).toEqual([[open], 'LT001', 'LT001'])
  })

  test('a scope that does not exist opens nothing', async () => {
    expect(await opened('smas', 'no.such.scope', null)).toEqual([])
  })
})

test('each service reaches its own schema and no other', async () => {
  for (const service of SERVICES)
    for (const schema of SUBGRAPH_NAMES) {
      const [row] = await database.sql<{ table: string }>(
        `select n.nspname || '.' || c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind in ('r', 'p') order by 1 limit 1`,
        [schema],
      )
      const answer = await as(service, (client) => codeOf(client.query(`select * from ${row!.table} limit 1`)))
      expect([service, schema, answer]).toEqual([service, schema, service === schema ? 'allowed' : INSUFFICIENT_PRIVILEGE])
    }
})

test('no service may change or delete an audit record, and only identity may read them', async () => {
  for (const service of SERVICES)
    await as(service, async (client) => {
      expect(await codeOf(client.query('select 1 from access.audit_event limit 1'))).toBe(
        service === 'identity' ? 'allowed' : INSUFFICIENT_PRIVILEGE,
      )
      expect(await codeOf(client.query(`update access.audit_event set outcome = 'ALLOWED'`))).toBe(INSUFFICIENT_PRIVILEGE)
      expect(await codeOf(client.query('delete from access.audit_event'))).toBe(INSUFFICIENT_PRIVILEGE)
      expect(await codeOf(client.query('truncate access.audit_event'))).toBe(INSUFFICIENT_PRIVILEGE)
    })
})

test('only identity writes grants; a service that writes one for itself is refused', async () => {
  for (const service of SERVICES)
    await as(service, async (client) => {
      const answer = await codeOf(client.query(`update access.school_grant set scopes = scopes`))
      expect([service, answer]).toEqual([service, service === 'identity' ? 'allowed' : INSUFFICIENT_PRIVILEGE])
    })
})

test('no service role is a superuser, passes the policies, or may create roles or databases', async () => {
  const roles = await database.sql(
    `select rolname from pg_roles where rolname like 'lt\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
  )
  expect(roles).toEqual([])
})

test('a write into a school that the transaction did not open is refused by the database itself', async () => {
  const [grant] = await database.sql<{ application_id: string; school_id: string }>(
    `select g.application_id, g.school_id from access.school_grant g join identity.application a on a.id = g.application_id
     where a.code = 'smas' and 'gradebook.write' = any (g.scopes) order by g.school_id limit 1`,
  )
  const [foreign] = await database.sql<{ school_id: string }>(
    'select school_id from schools.school where school_id <> $1 limit 1',
    [grant!.school_id],
  )
  await as('gradebook', async (client) => {
    await client.query('begin')
    await client.query(`select access.open_viewer($1, null, 'gradebook.write', $2, '2026-11-20')`, [
      grant!.application_id,
      [grant!.school_id],
    ])
    const insert = `insert into gradebook.score_amendment (school_id, id, score_id, new_value_tenths, entered_by_staff_id, amended_at, version)
      values ($1, gen_random_uuid(), gen_random_uuid(), 80, gen_random_uuid(), '2026-11-20', 2)`
    await client.query(insert, [grant!.school_id])
    expect(await codeOf(client.query(insert, [foreign!.school_id]))).toBe(INSUFFICIENT_PRIVILEGE)
    await client.query('rollback')
  })
})

describe('whoever holds rows is on the list of those that', () => {
  const holdersOf = async (...columns: string[]): Promise<string[]> => {
    const rows = await database.sql<{ schema: string }>(
      `select distinct n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = any ($1) and c.relkind in ('r', 'p')
         and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname = any ($2)) = cardinality($2) order by 1`,
      [SUBGRAPH_NAMES, columns],
    )
    return rows.map(({ schema }) => schema)
  }
  const functions = async (begin: string): Promise<string[]> =>
    (
      await database.sql<{ name: string }>(
        `select distinct p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname = 'published' and starts_with(p.proname, $1) order by 1`,
        [begin],
      )
    ).map(({ name }) => name)

  test('begin anew with a sandbox tenant', async () => {
    expect(await holdersOf('school_id')).toEqual(HOLDERS_OF_SCHOOLS.toSorted())
    expect(await functions('refill_tenant_of_')).toEqual(HOLDERS_OF_SCHOOLS.toSorted().map((name) => `refill_tenant_of_${name}`))
  })

  test('follow a pupil whose record is merged into another', async () => {
    expect(await holdersOf('school_id', 'student_id')).toEqual(HOLDERS_OF_PUPILS.toSorted())
    expect(await functions('rows_of_pupil_in_')).toEqual(HOLDERS_OF_PUPILS.toSorted().map((name) => `rows_of_pupil_in_${name}`))
  })

  test('are counted anew, kind by kind, where the freshness of what was written before is', async () => {
    const [{ source }] = (await database.sql<{ source: string }>(
      `select prosrc as source from pg_proc where proname = 'recount_freshness'`,
    )) as [{ source: string }]
    expect(Object.values(KIND_OF_ENTITY).filter((kind) => !source.includes(`'${kind}'`))).toEqual([])
  })
})

test('who writes a batch finds its school by code, and its schema has the tables of every writer', async () => {
  const writers = await database.sql<{ schema: Service; readsCodes: boolean; lacks: string[] }>(
    `select n.nspname as schema, has_table_privilege('lt_' || n.nspname, 'published.school_code', 'select') as "readsCodes",
       array(select t from unnest(array['outbox', 'idempotency_answer']) t where to_regclass(n.nspname || '.' || t) is null) as lacks
     from pg_namespace n
     where n.nspname = any ($1) and to_regclass(n.nspname || '.former_version') is not null order by 1`,
    [SUBGRAPH_NAMES],
  )
  expect(writers.length).toBeGreaterThan(0)
  expect(writers.filter(({ readsCodes, lacks }) => !readsCodes || lacks.length > 0)).toEqual([])
})

test('nothing is deleted for good but what is named here', async () => {
  const rows = await database.sql<{ table: string }>(
    `select n.nspname || '.' || c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relkind in ('r', 'p') and has_table_privilege('lt_' || n.nspname, c.oid, 'delete, truncate')
       and c.relname not in ('idempotency_answer', 'external_reference') order by 1`,
    [SUBGRAPH_NAMES],
  )
  expect(rows.map(({ table }) => table)).toEqual([
    'identity.oidc_payload',
    'identity.scope_request',
    'identity.sign_in_window',
    'schools.student_alias',
  ])
})

test('what was is not rewritten, in any subgraph', async () => {
  const rows = await database.sql<{ table: string }>(
    `select n.nspname || '.' || c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relname in ('outbox', 'former_version') and c.relkind in ('r', 'p')
       and has_table_privilege('lt_' || n.nspname, c.oid, 'update, delete') order by 1`,
    [SUBGRAPH_NAMES],
  )
  expect(rows).toEqual([])
})

test.each(SUBGRAPH_NAMES)('the storage entities of %s say what its migrations made', async (name) => {
  const orm = await MikroORM.init({
    clientUrl: database.adminUrl,
    driverOptions: { connectionString: database.adminUrl },
    dbName: database.name,
    schema: name,
    entities: [...MODULES[name].entities],
    discovery: { warnWhenNoEntities: false },
    schemaGenerator: {
      skipTables: [/^score_\d{4}$/, /^score_other$/],
      disableForeignKeys: false,
      managementDbName: database.name,
    },
    logger: () => undefined,
  })
  try {
    const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false, schema: name, safe: false, dropDb: false })
    // Columns, types, nullability, primary and unique keys; checks, raw indexes, defaults and foreign keys are the migrations' own affair.
    const differences = sql
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) =>
        / add "|drop column|alter column .* (type|set not null|drop not null)|create table|drop table|add constraint .* (primary key|unique)/i.test(
          statement,
        ),
      )
    expect(differences).toEqual([])
  } finally {
    await orm.close(true)
  }
})
