// `npm run bench:roster -- --pupils 100000`: the roster through the schools subgraph with its walls on (opened schools, row policies,
// shield, validation, history, feed, audit), each beside raw SQL for the same rows, as a superuser. Interleaved rounds.
import { strictEqual } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { Client } from 'pg'
import { provision } from '../platform/database/provision.ts'
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts'
import { openSubgraph } from '../platform/runtime/subgraph.ts'
import { ensureProvince } from '../platform/sandbox/prepare.ts'
import { ensureSecrets, readAdminSecrets, readSubgraphSecrets } from '../platform/secrets.ts'
import { admitViewer, type Viewer } from '../subgraphs/kernel/viewer.ts'
import type { Scope } from '../subgraphs/kernel/scopes.ts'
import { machineLoad, median, printTable, serverCpu } from './kit.ts'
import { fillRoster, PUPILS_A_SCHOOL, type SchoolOfBench } from './roster-data.ts'

const { values: given } = parseArgs({
  options: { pupils: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '7' } },
})
const PUPILS = Number(given.pupils)
const ROUNDS = Number(given.rounds)
/** Reads of one kind in a round, each of another school. */
const READS = 100
const BATCH = 1_000
const SCOPES: Scope[] = ['school.read', 'school.write', 'student.basic.read', 'student.basic.write']

const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
const secretsDir = join(dataDir, 'secrets')
await ensureSecrets(secretsDir)
const { superuserPassword, rolePasswords } = await readAdminSecrets(secretsDir)
const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), superuserPassword })
try {
  const maintenance = new Client({ connectionString: server.connectionUrl() })
  await maintenance.connect()
  await maintenance.query('create database bench')
  const { rows: started } = await maintenance.query<{ pid: number }>(`select pg_read_file('postmaster.pid', 0, 20)::text as pid`)
  const postmaster = Number.parseInt(String(started[0]!.pid), 10)
  await maintenance.end()
  const databaseUrl = server.connectionUrl('bench')
  await provision({ adminUrl: databaseUrl, rolePasswords, sandbox: true, log: () => undefined })
  await ensureProvince(databaseUrl, new Date(), true)
  const admin = new Client({ connectionString: databaseUrl })
  await admin.connect()
  const began = performance.now()
  const schools = await fillRoster(admin, PUPILS, SCOPES)
  console.log(
    `${PUPILS} pupils in ${schools.length} schools, filled in ${((performance.now() - began) / 1_000).toFixed(0)} s; ${machineLoad()}`,
  )

  const { rows: parties } = await admin.query<{ id: string; vendor_id: string }>(
    `select id, vendor_id from identity.application where code = 'smas'`,
  )
  const viewer = (): Viewer =>
    admitViewer({
      clientId: 'smas',
      applicationId: parties[0]!.id,
      vendorId: parties[0]!.vendor_id,
      accountId: null,
      role: null,
      authorityId: null,
      displayName: 'SMAS',
      scopes: SCOPES,
      environment: 'SANDBOX',
      grantVersion: 1,
      requestId: randomUUID(),
      operationName: 'Bench',
      operationHash: 'bench',
      idempotencyKey: null,
    })
  const { subgraph, close } = await openSubgraph({
    name: 'schools',
    databaseUrl,
    secrets: await readSubgraphSecrets(secretsDir, 'schools'),
    poolSize: 4,
    sandbox: true,
    now: () => new Date(),
    log: pino({ level: 'silent' }),
  })
  const ask = async <T>(query: string, variables: Record<string, unknown>): Promise<T> => {
    const { data, errors } = await subgraph.execute({ query, variables }, viewer())
    if (errors) throw new Error(JSON.stringify(errors))
    return data as T
  }

  interface Figures {
    readonly node: number[]
    readonly database: number[]
    readonly wall: number[]
  }
  const figures = new Map<string, Figures>()
  const nodeCpu = (): number => process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000
  /** CPU and time of one `unit`, of which `work` does `units`. */
  const measure = async (name: string, units: number, count: boolean, work: () => Promise<void>): Promise<void> => {
    const into = figures.get(name) ?? { node: [], database: [], wall: [] }
    figures.set(name, into)
    const [node, database, at] = [nodeCpu(), serverCpu(postmaster), performance.now()]
    await work()
    if (!count) return
    into.wall.push((performance.now() - at) / units)
    into.node.push((nodeCpu() - node) / units)
    into.database.push((serverCpu(postmaster) - database) / units)
  }
  const some = (offset: number): SchoolOfBench[] =>
    Array.from({ length: READS }, (_, place) => schools[(offset * 31 + place * 17) % schools.length]!)

  const PUPIL = 'id code fullName sex birthDate status version updatedAt'
  const RAW = `school_id as "schoolId", id, code, full_name as "fullName", sex, birth_date as "birthDate", status, version, updated_at as "updatedAt"`
  const PAGE = `query ($s: SchoolRef!, $a: String) { students(school: $s, first: 50, after: $a) { nodes { ${PUPIL} } pageInfo { endCursor } } }`
  const CLASS = `query ($c: ClassRoomRef!) { classRoom(ref: $c) { name students { ${PUPIL} } } }`
  const LOOKUP = `query ($p: StudentRef!) { student(ref: $p) { ${PUPIL} } }`
  const SEARCH = `query ($s: SchoolRef!, $f: StudentFilter) { students(school: $s, first: 50, filter: $f) { nodes { ${PUPIL} } } }`
  const UPSERT = `mutation ($input: UpsertStudentsInput!) { upsertStudents(input: $input) { summary { created updated rejected } results { index status errors { code } } } }`
  const raw = async (name: string, text: string, values: unknown[]): Promise<unknown[]> =>
    (await admin.query<{ json: unknown[] | null }>({ name, text, values })).rows[0]!.json ?? []
  const rawPage = `select json_agg(t) as json from (select ${RAW} from schools.student where school_id = $1 and (sort_name, id) > ($2, $3) order by sort_name, id limit 50) t`
  const rawClass = `select json_agg(t) as json from (select ${RAW} from schools.student where school_id = $1 and class_id = $2 and status = 'STUDYING' order by sort_name, id) t`
  const rawLookup = `select json_agg(t) as json from (select ${RAW} from schools.student where code = $1) t`
  const rawSearch = `select json_agg(t) as json from (select ${RAW} from schools.student where school_id = $1
    and plain_given_first >= 'an' and plain_given_first < 'an~' and plain_given_first like 'an% nguyen%' order by sort_name, id limit 50) t`
  type Listed = { students: { nodes: { code: string }[]; pageInfo: { endCursor: string } } }

  // The cursor of a page near the end of each school's list.
  const deep = new Map<string, string>()
  const cursorOf = async (school: SchoolOfBench): Promise<string> => {
    let cursor = deep.get(school.id)
    if (!cursor) {
      const { students } = await ask<Listed>(PAGE.replace('first: 50', `first: ${PUPILS_A_SCHOOL - 50}`), {
        s: { id: school.id },
      })
      deep.set(school.id, (cursor = students.pageInfo.endCursor))
    }
    return cursor
  }
  const NONE = '00000000-0000-0000-0000-000000000000'

  await admin.query('create schema bench; create table bench.student (like schools.student including all)')
  const { rows: columnRows } = await admin.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = 'schools.student'::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
  )
  const names = columnRows.map(({ name }) => name)
  const rawUpsert = `insert into bench.student (${names.join(', ')})
    select * from unnest(${columnRows.map(({ type }, place) => `$${place + 1}::${type}[]`).join(', ')})
    on conflict (school_id, id) do update set ${names
      .filter((name) => !['school_id', 'id'].includes(name))
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}`
  const stored = async (school: string, codes: string[]): Promise<unknown[][]> => {
    const { rows } = await admin.query<Record<string, unknown>>(
      `select ${names.map((name) => `${name}::text`).join(', ')} from schools.student where school_id = $1 and code = any ($2)`,
      [school, codes],
    )
    return names.map((name) => rows.map((row) => row[name]))
  }
  const upsert = async (columns: unknown[][]): Promise<void> => {
    strictEqual((await admin.query(rawUpsert, columns)).rowCount, BATCH)
  }

  let serial = 0
  for (let round = -1; round < ROUNDS; round += 1) {
    const count = round >= 0
    const chosen = some(round + 1)
    for (const school of chosen) await cursorOf(school)
    await measure('first page', READS, count, async () => {
      for (const { id } of chosen) strictEqual((await ask<Listed>(PAGE, { s: { id } })).students.nodes.length, 50)
    })
    await measure('deep page', READS, count, async () => {
      for (const { id } of chosen)
        strictEqual((await ask<Listed>(PAGE, { s: { id }, a: deep.get(id) })).students.nodes.length > 0, true)
    })
    await measure('first page, raw', READS, count, async () => {
      for (const { id } of chosen) strictEqual((await raw('page', rawPage, [id, '', NONE])).length, 50)
    })
    await measure('class', READS, count, async () => {
      for (const { room } of chosen) await ask(CLASS, { c: { id: room } })
    })
    await measure('class, raw', READS, count, async () => {
      for (const { id, room } of chosen) strictEqual((await raw('class', rawClass, [id, room])).length > 0, true)
    })
    await measure('lookup by code', READS, count, async () => {
      for (const { code } of chosen) await ask(LOOKUP, { p: { code } })
    })
    await measure('lookup by code, raw', READS, count, async () => {
      for (const { code } of chosen) strictEqual((await raw('lookup', rawLookup, [code])).length, 1)
    })
    let found = 0
    await measure('search', READS, count, async () => {
      for (const { id } of chosen)
        found += (await ask<Listed>(SEARCH, { s: { id }, f: { search: 'nguyễn an' } })).students.nodes.length
    })
    await measure('search, raw', READS, count, async () => {
      for (const { id } of chosen) found -= (await raw('search', rawSearch, [id])).length
    })
    strictEqual(found, 0)

    const { id, room } = chosen[0]!
    const codes = Array.from({ length: BATCH }, () => `37${String((serial += 1)).padStart(8, '0')}`)
    // No two of a batch are alike: pupils of one name and birthday are candidates of a match, a thousand times a thousand of them.
    const students = (address: string) =>
      codes.map((code, place) => ({
        code,
        fullName: `Nguyễn Thị ${String.fromCharCode(65 + (place % 26))}${'áàảãạ'[place % 5]}nh`,
        sex: 'FEMALE',
        birthDate: new Date(Date.UTC(2011, 0, 1 + (place % 364))).toISOString().slice(0, 10),
        classRoom: { id: room },
        address,
      }))
    const write = (address: string) =>
      ask<{ upsertStudents: { summary: { created: number; updated: number } } }>(UPSERT, {
        input: { school: { id }, schoolYear: '2026-2027', students: students(address) },
      })
    await measure('upsert, creating', BATCH, count, async () => {
      strictEqual((await write('Số 1')).upsertStudents.summary.created, BATCH)
    })
    const created = await stored(id, codes)
    await measure('upsert, creating, raw', BATCH, count, () => upsert(created))
    await measure('upsert, updating', BATCH, count, async () => {
      strictEqual((await write('Số 2')).upsertStudents.summary.updated, BATCH)
    })
    const updated = await stored(id, codes)
    await measure('upsert, updating, raw', BATCH, count, () => upsert(updated))
    // As before the round: a school keeps its size.
    await admin.query('truncate bench.student')
    for (const table of ['identity_match', 'enrolment', 'former_version', 'outbox', 'student'])
      await admin.query(
        table === 'student'
          ? `delete from schools.student where school_id = $1 and code like '37%'`
          : table === 'enrolment'
            ? `delete from schools.enrolment where school_id = $1 and student_id in (select id from schools.student where school_id = $1 and code like '37%')`
            : `delete from schools.${table} where school_id = $1`,
        [id],
      )
  }

  const total = ({ node, database }: Figures): number[] => node.map((value, round) => value + database[round]!)
  const row = (name: string, perThousand: boolean): string[] => {
    const ours = figures.get(name)!
    const beside = figures.get(name === 'deep page' ? 'first page, raw' : `${name}, raw`)
    const scale = perThousand ? 1_000 : 1
    const ratio = (of: (figure: Figures) => number[]): string =>
      beside ? median(of(ours).map((value, round) => value / of(beside)[round]!)).toFixed(2) : ''
    return [
      name,
      (median(ours.node) * scale).toFixed(2),
      (median(ours.database) * scale).toFixed(2),
      ratio(total),
      perThousand ? (1_000 / median(ours.wall)).toFixed(0) : median(ours.wall).toFixed(2),
      perThousand
        ? beside
          ? median(ours.wall.map((value, round) => beside.wall[round]! / value)).toFixed(2)
          : ''
        : Math.max(...ours.wall).toFixed(2),
    ]
  }
  printTable([
    ['reads, each', 'node CPU ms', 'database CPU ms', 'CPU ÷ raw', 'ms', 'slowest round'],
    ...[
      'first page',
      'deep page',
      'first page, raw',
      'class',
      'class, raw',
      'lookup by code',
      'lookup by code, raw',
      'search',
      'search, raw',
    ].map((name) => row(name, false)),
  ])
  printTable([
    ['1,000 pupils', 'node CPU ms', 'database CPU ms', 'CPU ÷ raw', 'rows/s', 'rows/s ÷ raw'],
    ...['upsert, creating', 'upsert, creating, raw', 'upsert, updating', 'upsert, updating, raw'].map((name) => row(name, true)),
  ])
  console.log(
    `aims: upsert at least half the rows/s of raw; pages as flat from 10,000 to 1,000,000 pupils as 1.2; at the end: ${machineLoad()}`,
  )
  await close()
  await admin.end()
} finally {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
}
