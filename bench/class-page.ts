// `npm run bench:class-page`: a class page (pupils × marks × 3 messages) through the gateway with every rule, limit and audit on,
// beside the same page from a bare node server on the same database. CPU of node and of PostgreSQL's backends, interleaved rounds.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deepStrictEqual } from 'node:assert/strict'
import { readAdminSecrets } from '../platform/secrets.ts'
import { readSandboxFile } from '../platform/sandbox/parties.ts'
import { fetchToken } from '../sdk/token.ts'
import {
  serverCpu,
  cpuOf,
  liftBudgets,
  load,
  machineLoad,
  median,
  printTable,
  quantile,
  send,
  startNode,
  type Target,
} from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const REQUESTS = Number(process.env.REQUESTS ?? 200)
const CONNECTIONS = 4
const PORT = 4390

const QUERY = `query ClassPage($room: ClassRoomRef!) {
  classRoom(ref: $room) {
    name
    students {
      code
      fullName
      birthDate
      scores(term: "HKI") { kind ordinal value remark }
      messages(first: 3) { body sentAt }
    }
  }
}`

interface Page {
  data: { classRoom: { name: string; students: { code: string; scores: unknown[]; messages: { body: string }[] }[] } }
}

/** What must agree: the pupils in their order, the number and content of their marks, the bodies of their messages. */
const essence = ({ data }: Page) =>
  data.classRoom.students.map(({ code, scores, messages }) => [
    code,
    scores.map((score) => JSON.stringify(score)).sort(),
    messages.map(({ body }) => body),
  ])

const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
const platform = await startNode(
  new URL('../platform/start.ts', import.meta.url),
  { DATA_DIR: dataDir, PORT: String(PORT), DATABASE_URL: '', LOG_LEVEL: 'error' },
  'is ready',
)
try {
  const sandbox = await readSandboxFile(dataDir)
  const party = sandbox.parties.find(({ clientId }) => clientId === 'enetviet')!
  const privateKey = await readFile(join(dataDir, party.privateKeyFile), 'utf8')
  const school = party.schools.find(({ name }) => name.includes('THPT'))!
  const { superuserPassword } = await readAdminSecrets(join(dataDir, 'secrets'))
  const pidFile = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  const postmaster = Number(pidFile[0])
  const databaseUrl = `postgresql://lienthong:${superuserPassword}@${encodeURIComponent(pidFile[4]!)}:${pidFile[3]}/lienthong?sslmode=disable`
  await liftBudgets(databaseUrl)
  const bare = await startNode(
    new URL('bare-server.ts', import.meta.url),
    { DATABASE_URL: databaseUrl, PORT: String(PORT + 1) },
    'ready',
  )
  try {
    const agent = new Agent({ keepAlive: true })
    const ask = async (query: string, variables: object): Promise<Target> => ({
      url: sandbox.graphql,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${(await fetchToken({ tokenEndpoint: sandbox.tokenEndpoint, issuer: sandbox.issuer, clientId: 'enetviet', privateKey })).accessToken}`,
      },
      body: JSON.stringify({ query, variables }),
    })
    const lookup = JSON.parse(
      (
        await send(
          agent,
          await ask(
            'query L($s: SchoolRef!) { school(ref: $s) { id classRooms(first: 1, filter: { grade: 10 }) { nodes { id } } } schoolYears { terms { id code level } } }',
            { s: { code: school.code } },
          ),
        )
      ).text,
    ) as {
      data: {
        school: { id: string; classRooms: { nodes: { id: string }[] } }
        schoolYears: { terms: { id: string; code: string; level: string }[] }[]
      }
    }
    const room = lookup.data.school.classRooms.nodes[0]!.id
    const term = lookup.data.schoolYears[0]!.terms.find(({ code, level }) => code === 'HKI' && level === 'THPT')!.id
    const place = `school=${lookup.data.school.id}&room=${room}&term=${term}`
    const neighbour = (path: string): Target => ({
      url: `http://127.0.0.1:${PORT + 1}/${path}?${place}`,
      method: 'GET',
      headers: {},
    })

    const contestants = [
      { name: 'Liên Thông, everything on', pid: platform.child.pid!, target: () => ask(QUERY, { room: { id: room } }) },
      { name: 'bare node, flat queries', pid: bare.child.pid!, target: async () => neighbour('flat') },
      { name: 'bare node, one json_agg', pid: bare.child.pid!, target: async () => neighbour('json') },
    ].map((each) => ({ ...each, node: [] as number[], database: [] as number[], latency: [] as number[] }))

    const pages = await Promise.all(
      contestants.map(async ({ target }) => JSON.parse((await send(agent, await target())).text) as Page),
    )
    for (const page of pages.slice(1)) deepStrictEqual(essence(page), essence(pages[0]!))
    const students = pages[0]!.data.classRoom.students
    console.log(
      `class ${pages[0]!.data.classRoom.name}: ${students.length} pupils, ${students.reduce((sum, { scores }) => sum + scores.length, 0)} marks, ${students.reduce((sum, { messages }) => sum + messages.length, 0)} messages, ${JSON.stringify(pages[0]).length} bytes; the three answers agree`,
    )
    console.log(`${ROUNDS} rounds of ${REQUESTS} requests over ${CONNECTIONS} connections, interleaved; ${machineLoad()}`)
    for (const { target } of contestants) await load(await target(), 100, CONNECTIONS)

    for (let round = 0; round < ROUNDS; round += 1)
      for (const each of contestants) {
        const target = await each.target()
        const [node, database] = [cpuOf(each.pid), serverCpu(postmaster)]
        each.latency.push(...(await load(target, REQUESTS, CONNECTIONS)))
        each.node.push((cpuOf(each.pid) - node) / REQUESTS)
        each.database.push((serverCpu(postmaster) - database) / REQUESTS)
      }

    const total = contestants.map(({ node, database }) => node.map((value, index) => value + database[index]!))
    const ms = (value: number): string => value.toFixed(2)
    printTable([
      ['', 'node CPU ms', 'database CPU ms', 'sum', 'sum ÷ json_agg', 'range', 'p50 ms', 'p99 ms'],
      ...contestants.map(({ name, node, database, latency }, index) => {
        const ratios = total[index]!.map((value, round) => value / total[2]![round]!)
        return [
          name,
          ms(median(node)),
          ms(median(database)),
          ms(median(total[index]!)),
          median(ratios).toFixed(2),
          `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
          ms(median(latency)),
          ms(quantile(latency, 0.99)),
        ]
      }),
    ])
    agent.destroy()
  } finally {
    await bare.stop()
  }
} finally {
  await platform.stop()
  await rm(dataDir, { recursive: true, force: true })
}
