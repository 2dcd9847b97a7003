// Freshness through the public door, in both topologies: marks, consents and the roster leave their mark; each party is told its part.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classAtWork } from '../gradebook/class-at-work.ts'
import { documentOf, schoolAtWork, statusesIn, YEAR, type Answered, type SchoolAtWork, type Sent } from '../schools/roster-kit.ts'
import { applicationViewer } from '../testkit/parties.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

interface Answer<T> {
  data: T | null
  errors?: { message: string; extensions: Record<string, unknown> }[]
}
interface Line {
  kind: string
  state: string | null
  lastConfirmedAt: string | null
  lastChangedAt: string | null
  lastChangedBy: { code: string } | null
  confirmed: { today: number } | null
  applications: { application: { code: string } | null; confirmed: { today: number } }[]
}

const FRESHNESS = `query ($ref: SchoolRef!) { school(ref: $ref) { freshness {
  kind state lastConfirmedAt lastChangedAt lastChangedBy { code } confirmed { today } applications { application { code } confirmed { today } } } } }`
const LATE = `query ($a: ID) {
  dataFreshness(authorityId: $a) { schools counts { kind fresh overdue never undeclared } }
  schoolFreshness(authorityId: $a, states: [OVERDUE, NEVER], first: 5) { nodes { school { code } kind state } pageInfo { hasNextPage } } }`
const DECLARE = `mutation ($input: SetFreshnessThresholdsInput!) { setFreshnessThresholds(input: $input) { results { status entity { days } errors { code messageVi } } } }`
const RECORD = `mutation ($input: RecordScoresInput!) { recordScores(input: $input) { results { status errors { code } } } }`

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let school: SchoolAtWork

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    const smas = await applicationViewer(platform.database, 'smas')
    const enetviet = await applicationViewer(platform.database, 'enetviet')
    school = await schoolAtWork(platform.database, smas, enetviet)
  })
  afterAll(() => platform?.close())

  async function ask<T>(as: string, query: string, variables: object = {}, key?: string): Promise<Answer<T>> {
    const token = await (await platform.tokenSource(as)).get()
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...(key ? { 'idempotency-key': key } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer<T>
  }
  const codes = ({ errors }: Answer<unknown>) => (errors ?? []).map(({ extensions }) => extensions.code)
  const linesFor = async (as: string, ref: object = { id: school.id }): Promise<Line[]> => {
    const { data, errors } = await ask<{ school: { freshness: Line[] } }>(as, FRESHNESS, { ref })
    expect(errors).toBeUndefined()
    return data!.school.freshness
  }
  const lineFor = async (as: string, kind: string): Promise<Line> => (await linesFor(as)).find((line) => line.kind === kind)!
  const send = async (act: string, more: Sent, key?: string): Promise<Answered> => {
    const { data, errors } = await ask<{ batch: Answered }>(
      'smas',
      documentOf(act),
      { input: { school: { id: school.id }, ...more } },
      key,
    )
    expect(errors).toBeUndefined()
    return data!.batch
  }

  test('what one product sends is seen to be fresh by all who read it at the next read, and told of itself to itself', async () => {
    expect((await lineFor('enetviet', 'STUDENT')).state).toBe('OVERDUE')
    const [pupil] = await platform.database.sql<Record<string, string>>(
      `select code, full_name as "fullName", sex, birth_date::text as "birthDate" from schools.student where school_id = $1 and status = 'STUDYING' limit 1`,
      [school.id],
    )
    const more = { schoolYear: YEAR, students: [pupil] }
    const key = randomUUID()
    for (const _time of [1, 2]) expect(statusesIn(await send('upsertStudents', more, key))).toEqual(['UNCHANGED'])
    const before = await lineFor('can-bo-so', 'STUDENT')
    expect(before).toMatchObject({ state: 'FRESH', confirmed: { today: 1 } })
    expect(Date.parse(before.lastConfirmedAt!)).toBeGreaterThan(Date.parse(before.lastChangedAt!))
    const rival = await lineFor('enetviet', 'STUDENT')
    expect(rival).toMatchObject({ state: 'FRESH', confirmed: null, lastConfirmedAt: before.lastConfirmedAt })
    expect(rival.applications).toEqual([{ application: { code: 'enetviet' }, confirmed: { today: 0 } }])
    expect((await lineFor('smas', 'STUDENT')).applications).toEqual([{ application: { code: 'smas' }, confirmed: { today: 1 } }])
  })

  test('marks have their freshness from the gradebook, changed and sent again', async () => {
    const room = await classAtWork(platform.database, { schoolId: school.id })
    const score = {
      student: { code: room.pupils[0]!.code },
      kind: 'REGULAR',
      ordinal: 4,
      value: 8,
      enteredBy: { code: room.teacher },
    }
    const input = {
      school: { id: school.id },
      schoolYear: YEAR,
      classRoom: { id: room.classId },
      subject: room.subject,
      term: 'HKI',
      scores: [score],
    }
    const write = async () => {
      const { data, errors } = await ask<{ recordScores: { results: { status: string }[] } }>('smas', RECORD, { input })
      expect(errors).toBeUndefined()
      return data!.recordScores.results.map(({ status }) => status)
    }
    const today = async () => (await lineFor('can-bo-so', 'SCORE')).confirmed!.today
    const start = await today()
    expect(await write()).toEqual(['CREATED'])
    expect(await lineFor('smas', 'SCORE')).toMatchObject({ state: 'FRESH', lastChangedBy: { code: 'smas' } })
    expect(await write()).toEqual(['UNCHANGED'])
    expect(await today()).toBe(start + 2)
  })

  test('an office asks for more, and the school is late; the office sees it first in its list', async () => {
    const say = (days: number | null) =>
      ask<{ setFreshnessThresholds: { results: { status: string }[] } }>('can-bo-so', DECLARE, {
        input: { thresholds: [{ kind: 'CAMPUS', level: 'THPT', days, reason: 'Kế hoạch số 12/KH-SGDĐT' }] },
      })
    expect((await lineFor('smas', 'CAMPUS')).state).toBe('UNDECLARED')
    expect((await say(30)).data!.setFreshnessThresholds.results[0]!.status).toBe('CREATED')
    expect((await lineFor('smas', 'CAMPUS')).state).toBe('NEVER')
    const { data } = await ask<{
      dataFreshness: { counts: { kind: string; never: number }[] }
      schoolFreshness: { nodes: { state: string }[] }
    }>('can-bo-so', LATE)
    expect(data!.dataFreshness.counts.find(({ kind }) => kind === 'CAMPUS')!.never).toBeGreaterThan(0)
    expect(data!.schoolFreshness.nodes.map(({ state }) => state)).toEqual(['NEVER', 'NEVER', 'NEVER', 'NEVER', 'NEVER'])
    expect((await say(null)).data!.setFreshnessThresholds.results[0]!.status).toBe('UPDATED')
    expect((await lineFor('smas', 'CAMPUS')).state).toBe('UNDECLARED')
  })

  test('whom it does not concern is refused: applications, compliance, principals, officers of another office, other schools', async () => {
    const input = { thresholds: [{ kind: 'CAMPUS', level: 'THPT', days: 3, reason: 'Kế hoạch' }] }
    const REFUSALS: [string, string, string][] = [
      ['smas', 'SCOPE_MISSING', 'SCOPE_MISSING'],
      ['tuan-thu', 'SCOPE_MISSING', 'SCOPE_MISSING'],
      ['hieu-truong.thpt-hac-thanh', 'ACT_FORBIDDEN', 'SCOPE_MISSING'],
    ]
    for (const [as, reading, saying] of REFUSALS) {
      const [read, say] = [await ask(as, LATE), await ask(as, DECLARE, { input })]
      expect([as, ...new Set(codes(read)), ...codes(say)]).toEqual([as, reading, saying])
      expect([read.data ?? null, say.data ?? null]).toEqual([null, null])
    }
    const [so] = await platform.database.sql<{ id: string }>(`select id from schools.authority where kind = 'DEPARTMENT'`)
    expect(codes(await ask('can-bo-hac-thanh', LATE, { a: so!.id }))).toContain('ACT_FORBIDDEN')
    const [foreign] = await platform.database.sql<{ id: string }>(
      `select s.school_id as id from schools.school s where not exists (
         select 1 from access.school_grant g join identity.application a on a.id = g.application_id where a.code = 'smas' and g.school_id = s.school_id) limit 1`,
    )
    const other = await ask<{ school: unknown }>('smas', FRESHNESS, { ref: { id: foreign!.id } })
    expect(other.data?.school ?? null).toBeNull()
  })
})
