// `npm run bench:class-page`: a class page (pupils × marks × 3 messages) through the gateway with every rule, limit and audit on,
// beside the same page from a bare node server and from PostGraphile 5 on the same database. CPU of node and of PostgreSQL's backends, interleaved rounds.
import { deepStrictEqual } from 'node:assert/strict'
import { essence, openClass, race, type Page } from './class-at-hand.ts'
import { machineLoad, PEERS, peersAreInstalled, send, startNode, type Target } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const REQUESTS = Number(process.env.REQUESTS ?? 200)
const CONNECTIONS = 4
const PORT = 4390

/** The same page in PostGraphile's words. Marks come in tenths, as the table has them, and in the order of their key. */
const ASK_POSTGRAPHILE = `query ClassPage($school: UUID!, $room: UUID!, $term: UUID!) {
  classRoom: classRoomBySchoolIdAndRowId(schoolId: $school, rowId: $room) {
    name
    students: studentsBySchoolIdAndClassIdList(condition: { status: "STUDYING" }, orderBy: [SORT_NAME_ASC, ROW_ID_ASC]) {
      code
      fullName
      birthDate
      scores: scoresList(condition: { schoolYear: 2026, termId: $term }) { kind ordinal valueTenths remark }
      messages: messagesList(first: 3, orderBy: [SENT_AT_DESC, ROW_ID_DESC]) { body sentAt }
    }
  }
}`

/** Marks as the others write them. */
function withMarks(text: string): Page {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('valueTenths' in value)) return value
    const { kind, ordinal, valueTenths, remark } = value as Record<string, unknown>
    return { kind, ordinal, value: typeof valueTenths === 'number' ? valueTenths / 10 : null, remark }
  }) as Page
}

const { platformPid, postmaster, databaseUrl, agent, place, ask, close } = await openClass(PORT)
try {
  const bare = await startNode(
    new URL('bare-server.ts', import.meta.url),
    { DATABASE_URL: databaseUrl, PORT: String(PORT + 1) },
    'ready',
  )
  const postgraphile = peersAreInstalled()
    ? await startNode(
        new URL('postgraphile.js', PEERS),
        { DATABASE_URL: databaseUrl, PORT: String(PORT + 2), NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
        'ready',
      )
    : undefined
  try {
    const neighbour = (path: string): Target => ({
      url: `http://127.0.0.1:${PORT + 1}/${path}?${place}`,
      method: 'GET',
      headers: {},
    })
    const graphile: Target = {
      url: `http://127.0.0.1:${PORT + 2}/graphql`,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: ASK_POSTGRAPHILE, variables: Object.fromEntries(new URLSearchParams(place)) }),
    }
    const contestants = [
      { name: 'Liên Thông, everything on', pid: platformPid, target: ask },
      ...(postgraphile ? [{ name: 'PostGraphile 5', pid: postgraphile.child.pid!, target: async () => graphile }] : []),
      { name: 'bare node, flat queries', pid: bare.child.pid!, target: async () => neighbour('flat') },
      { name: 'bare node, one json_agg', pid: bare.child.pid!, target: async () => neighbour('json') },
    ]
    const pages = await Promise.all(contestants.map(async ({ target }) => withMarks((await send(agent, await target())).text)))
    for (const page of pages.slice(1)) deepStrictEqual(essence(page), essence(pages[0]!))
    const { name, students } = pages[0]!.data.classRoom
    const marks = students.reduce((sum, { scores }) => sum + scores.length, 0)
    const messages = students.reduce((sum, each) => sum + each.messages.length, 0)
    const size = JSON.stringify(pages[0]).length
    console.log(
      `class ${name}: ${students.length} pupils, ${marks} marks, ${messages} messages, ${size} bytes; the ${pages.length} answers agree`,
    )
    console.log(`${ROUNDS} rounds of ${REQUESTS} requests over ${CONNECTIONS} connections, interleaved; ${machineLoad()}`)
    if (!postgraphile) console.log('PostGraphile is not installed: npm run bench:peers')
    await race(contestants, { rounds: ROUNDS, requests: REQUESTS, connections: CONNECTIONS, postmaster })
  } finally {
    await bare.stop()
    await postgraphile?.stop()
  }
} finally {
  await close()
}
