// The class page that benchmarks ask for: a platform of its own, a class of a product's school, and what of two answers must agree.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSandboxFile } from '../platform/sandbox/parties.ts'
import { readAdminSecrets } from '../platform/secrets.ts'
import { fetchToken } from '../sdk/token.ts'
import { cpuOf, liftBudgets, load, median, printTable, quantile, send, serverCpu, startNode, type Target } from './kit.ts'

/** An application that may read all the page shows. */
export const CLIENT_ID = 'enetviet'

export const QUERY = `query ClassPage($room: ClassRoomRef!) {
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

export interface Page {
  data: { classRoom: { name: string; students: { code: string; scores: unknown[]; messages: { body: string }[] }[] } }
}

/** What must agree: the pupils in their order, the number and content of their marks, the bodies of their messages. */
export const essence = ({ data }: Page) =>
  data.classRoom.students.map(({ code, scores, messages }) => [
    code,
    scores.map((score) => JSON.stringify(score)).sort(),
    messages.map(({ body }) => body),
  ])

export interface ClassAtHand {
  readonly platformPid: number
  readonly postmaster: number
  readonly databaseUrl: string
  readonly secretsDir: string
  readonly agent: Agent
  readonly room: string
  /** How the bare server names the same page. */
  readonly place: string
  /** The page through the gateway, with a token of its own. */
  ask(): Promise<Target>
  close(): Promise<void>
}

export async function openClass(port: number): Promise<ClassAtHand> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
  const platform = await startNode(
    new URL('../platform/start.ts', import.meta.url),
    { DATA_DIR: dataDir, PORT: String(port), DATABASE_URL: '', LOG_LEVEL: 'error' },
    'is ready',
  )
  const agent = new Agent({ keepAlive: true })
  const close = async (): Promise<void> => {
    agent.destroy()
    await platform.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const sandbox = await readSandboxFile(dataDir)
    const party = sandbox.parties.find(({ clientId }) => clientId === CLIENT_ID)!
    const privateKey = await readFile(join(dataDir, party.privateKeyFile), 'utf8')
    const school = party.schools.find(({ name }) => name.includes('THPT'))!
    const secretsDir = join(dataDir, 'secrets')
    const { superuserPassword } = await readAdminSecrets(secretsDir)
    const pidFile = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
    const databaseUrl = `postgresql://lienthong:${superuserPassword}@${encodeURIComponent(pidFile[4]!)}:${pidFile[3]}/lienthong?sslmode=disable`
    await liftBudgets(databaseUrl)
    const { tokenEndpoint, issuer, graphql } = sandbox
    const asking = async (query: string, variables: object): Promise<Target> => {
      const { accessToken } = await fetchToken({ tokenEndpoint, issuer, clientId: CLIENT_ID, privateKey })
      return {
        url: graphql,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ query, variables }),
      }
    }
    const { data } = JSON.parse((await send(agent, await asking(LOOKUP, { s: { code: school.code } }))).text) as Lookup
    const room = data.school.classRooms.nodes[0]!.id
    const term = data.schoolYears.flatMap(({ terms }) => terms).find(({ code, level }) => code === 'HKI' && level === 'THPT')!.id
    return {
      platformPid: platform.child.pid!,
      postmaster: Number(pidFile[0]),
      databaseUrl,
      secretsDir,
      agent,
      room,
      place: `school=${data.school.id}&room=${room}&term=${term}`,
      ask: () => asking(QUERY, { room: { id: room } }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const LOOKUP = `query L($s: SchoolRef!) {
  school(ref: $s) { id classRooms(first: 1, filter: { grade: 10 }) { nodes { id } } }
  schoolYears { terms { id code level } }
}`

interface Lookup {
  data: {
    school: { id: string; classRooms: { nodes: { id: string }[] } }
    schoolYears: { terms: { id: string; code: string; level: string }[] }[]
  }
}

export interface Contestant {
  readonly name: string
  readonly pid: number
  target(): Promise<Target>
}

export interface Race {
  readonly rounds: number
  readonly requests: number
  readonly connections: number
  readonly postmaster: number
}

/** Interleaved rounds, and a table of CPU beside the last contestant. */
export async function race(
  contestants: readonly Contestant[],
  { rounds, requests, connections, postmaster }: Race,
): Promise<void> {
  const runs = contestants.map((each) => ({ ...each, node: [] as number[], database: [] as number[], latency: [] as number[] }))
  for (const { target } of runs) await load(await target(), 100, connections)
  for (let round = 0; round < rounds; round += 1)
    for (const each of runs) {
      const target = await each.target()
      const [node, database] = [cpuOf(each.pid), serverCpu(postmaster)]
      each.latency.push(...(await load(target, requests, connections)))
      each.node.push((cpuOf(each.pid) - node) / requests)
      each.database.push((serverCpu(postmaster) - database) / requests)
    }
  const total = runs.map(({ node, database }) => node.map((value, index) => value + database[index]!))
  const ms = (value: number): string => value.toFixed(2)
  printTable([
    ['', 'node CPU ms', 'database CPU ms', 'sum', '÷ last row', 'range', 'p50 ms', 'p99 ms'],
    ...runs.map(({ name, node, database, latency }, index) => {
      const ratios = total[index]!.map((value, round) => value / total.at(-1)![round]!)
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
}
