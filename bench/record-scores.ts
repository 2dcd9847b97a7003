// `npm run bench:record-scores`: batches of marks through the gateway, validated, authorised, with history, change feed and audit,
// beside a raw `insert … select unnest … on conflict` of the same rows into a bare table of the same database. Interleaved rounds.
import { strictEqual } from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { readSandboxFile } from '../platform/sandbox/parties.ts'
import { readAdminSecrets } from '../platform/secrets.ts'
import { fetchToken } from '../sdk/token.ts'
import { cpuOf, liftBudgets, machineLoad, median, printTable, send, serverCpu, startNode } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const BATCHES = Number(process.env.BATCHES ?? 10)
const ORDINALS = 20
const PORT = 4394

const CLASS = `query ($school: SchoolRef!) {
  school(ref: $school) {
    classRooms(first: 1, filter: { grade: 10 }) {
      nodes { id students { code } teachingAssignments { subject { code } term { code } teacher { code } } }
    }
  }
}`
const RECORD = `mutation ($input: RecordScoresInput!) {
  recordScores(input: $input) { summary { created updated } results { index status errors { code } } }
}`
const COLUMNS = {
  school_id: 'uuid',
  school_year: 'smallint',
  id: 'uuid',
  gradebook_id: 'uuid',
  class_id: 'uuid',
  student_id: 'uuid',
  subject_code: 'text',
  term_id: 'uuid',
  kind: 'text',
  ordinal: 'smallint',
  value_tenths: 'smallint',
  remark: 'text',
  entered_by_staff_id: 'uuid',
  application_id: 'uuid',
  external_id: 'text',
  version: 'integer',
  received_at: 'timestamptz',
  updated_at: 'timestamptz',
}
const NAMES = Object.keys(COLUMNS)
const KEY = ['school_id', 'school_year', 'student_id', 'subject_code', 'term_id', 'kind', 'ordinal']
/** Into a table with the columns, checks and indexes of the real one, and without policies, foreign key, history, feed and audit. */
const UPSERT = `
insert into bench.score (${NAMES.join(', ')})
select * from unnest(${Object.values(COLUMNS)
  .map((type, place) => `$${place + 1}::${type}[]`)
  .join(', ')})
on conflict (${KEY.join(', ')}) do update
set ${NAMES.filter((name) => !KEY.includes(name))
  .map((name) => `${name} = excluded.${name}`)
  .join(', ')}`

interface Room {
  id: string
  students: { code: string }[]
  teachingAssignments: { subject: { code: string }; term: { code: string } | null; teacher: { code: string } }[]
}
interface Figures {
  readonly rowsPerSecond: number[]
  readonly nodeCpu: number[]
  readonly databaseCpu: number[]
}

const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
const platform = await startNode(
  new URL('../platform/start.ts', import.meta.url),
  { DATA_DIR: dataDir, PORT: String(PORT), DATABASE_URL: '', LOG_LEVEL: 'error' },
  'is ready',
)
const agent = new Agent({ keepAlive: true })
try {
  const { superuserPassword } = await readAdminSecrets(join(dataDir, 'secrets'))
  const pidFile = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  const postmaster = Number(pidFile[0])
  const databaseUrl = `postgresql://lienthong:${superuserPassword}@${encodeURIComponent(pidFile[4]!)}:${pidFile[3]}/lienthong?sslmode=disable`
  await liftBudgets(databaseUrl)
  const admin = new Client({ connectionString: databaseUrl })
  await admin.connect()
  await admin.query(
    'create schema bench; create table bench.score (like gradebook.score including defaults including constraints including indexes)',
  )

  const sandbox = await readSandboxFile(dataDir)
  const smas = sandbox.parties.find(({ clientId }) => clientId === 'smas')!
  const privateKey = await readFile(join(dataDir, smas.privateKeyFile), 'utf8')
  const school = smas.schools.find(({ name, scopes }) => name.includes('THPT') && scopes.includes('gradebook.write'))!
  const token = async (): Promise<string> =>
    (await fetchToken({ tokenEndpoint: sandbox.tokenEndpoint, issuer: sandbox.issuer, clientId: 'smas', privateKey })).accessToken
  const ask = async <T>(bearer: string, query: string, variables: object): Promise<T> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }
    const { text } = await send(agent, {
      url: sandbox.graphql,
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = JSON.parse(text) as { data: T; errors?: unknown }
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }
  const found = await ask<{ school: { classRooms: { nodes: Room[] } } }>(await token(), CLASS, { school: { code: school.code } })
  const room = found.school.classRooms.nodes[0]!
  const { teacher } = room.teachingAssignments.find(({ subject, term }) => subject.code === 'TOAN' && term?.code === 'HKI')!
  const cells = room.students.flatMap(({ code }) =>
    Array.from({ length: ORDINALS }, (_, place) => ({ code, ordinal: place + 1 })),
  )

  const recordBatch = async (bearer: string, tenths: number): Promise<{ created: number; updated: number }> => {
    const scores = cells.map(({ code, ordinal }) => ({
      student: { code },
      kind: 'REGULAR',
      ordinal,
      value: tenths / 10,
      enteredBy: { code: teacher.code },
    }))
    const place = { school: { code: school.code }, schoolYear: '2026-2027', classRoom: { id: room.id } }
    const input = { ...place, subject: 'TOAN', term: 'HKI', scores }
    return (await ask<{ recordScores: { summary: { created: number; updated: number } } }>(bearer, RECORD, { input }))
      .recordScores.summary
  }
  /** The very rows that were recorded last. */
  const recorded = async (): Promise<unknown[][]> => {
    const { rows } = await admin.query<Record<string, unknown>>(
      `select ${NAMES.map((name) => `${name}::text`).join(', ')} from gradebook.score where class_id = $1 and kind = 'REGULAR' and subject_code = 'TOAN'`,
      [room.id],
    )
    return NAMES.map((name) => rows.map((each) => each[name]))
  }
  const upsert = async (columns: unknown[][]): Promise<void> => {
    strictEqual((await admin.query(UPSERT, columns)).rowCount, cells.length)
  }

  const empty = (): Figures => ({ rowsPerSecond: [], nodeCpu: [], databaseCpu: [] })
  const figures = { createOurs: empty(), createRaw: empty(), updateOurs: empty(), updateRaw: empty() }
  const measure = async (into: Figures, nodeCpu: () => number, work: () => Promise<void>): Promise<void> => {
    const [node, database, began] = [nodeCpu(), serverCpu(postmaster), performance.now()]
    await work()
    into.rowsPerSecond.push(cells.length / ((performance.now() - began) / 1_000))
    into.nodeCpu.push(((nodeCpu() - node) / cells.length) * 1_000)
    into.databaseCpu.push(((serverCpu(postmaster) - database) / cells.length) * 1_000)
  }
  const ofPlatform = (): number => cpuOf(platform.child.pid!)
  const ofThisProcess = (): number => process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000

  console.log(
    `batches of ${cells.length} marks; ${ROUNDS} rounds of ${BATCHES} creating and ${BATCHES} updating; ${machineLoad()}`,
  )
  for (let round = -1; round < ROUNDS; round += 1) {
    // The first round warms both up, and does not count.
    const into = round < 0 ? { createOurs: empty(), createRaw: empty(), updateOurs: empty(), updateRaw: empty() } : figures
    const bearer = await token()
    for (let batch = 0; batch < BATCHES; batch += 1) {
      await admin.query(`delete from gradebook.score_amendment; delete from gradebook.score where class_id = '${room.id}'`)
      await admin.query('truncate bench.score')
      await measure(into.createOurs, ofPlatform, async () => {
        strictEqual((await recordBatch(bearer, 50)).created, cells.length)
      })
      const created = await recorded()
      await measure(into.createRaw, ofThisProcess, () => upsert(created))
      await measure(into.updateOurs, ofPlatform, async () => {
        strictEqual((await recordBatch(bearer, 60 + (batch % 40))).updated, cells.length)
      })
      const updated = await recorded()
      await measure(into.updateRaw, ofThisProcess, () => upsert(updated))
    }
  }

  const row = (name: string, { rowsPerSecond, nodeCpu, databaseCpu }: Figures, beside?: Figures): string[] => [
    name,
    median(rowsPerSecond).toFixed(0),
    beside ? median(rowsPerSecond.map((value, index) => value / beside.rowsPerSecond[index]!)).toFixed(2) : '1.00',
    (nodeCpu.reduce((sum, value) => sum + value, 0) / nodeCpu.length).toFixed(1),
    (databaseCpu.reduce((sum, value) => sum + value, 0) / databaseCpu.length).toFixed(1),
  ]
  printTable([
    ['', 'rows/s', '÷ raw', 'node CPU ms per 1,000', 'database CPU ms per 1,000'],
    row('recordScores, creating', figures.createOurs, figures.createRaw),
    row('raw unnest upsert, creating', figures.createRaw),
    row('recordScores, updating', figures.updateOurs, figures.updateRaw),
    row('raw unnest upsert, updating', figures.updateRaw),
  ])
  console.log(`aim: at least half the rows/s of the raw upsert; at the end: ${machineLoad()}`)
  await admin.end()
} finally {
  agent.destroy()
  await platform.stop()
  await rm(dataDir, { recursive: true, force: true })
}
