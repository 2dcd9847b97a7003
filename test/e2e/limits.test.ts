// Budgets and their explanation as a vendor meets them: over HTTP, in both topologies, and at two gateways of one database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pino } from 'pino'
import type { Budgets } from '../../gateway/throttle/budgets.ts'
import * as sdk from '../../sdk/generated/graphql.ts'
import type { Client } from '../../sdk/client.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'
import { auditOf, openDoor, putClient, type Door } from '../gateway/support/door.ts'

describe.each(TOPOLOGIES)('%s', (topology) => {
  let platform: TestPlatform
  let smas: Client
  let vnedu: Client
  const explain = (client: Client, document: string, variables: Record<string, unknown> | null = null) =>
    client
      .get(sdk.ExplainAccessDocument, { document, variables, operationName: null, first: 100, after: null })
      .then(({ explainAccess }) => explainAccess)

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    // One application has a small budget; the clock of a test hardly restores it.
    await platform.database.sql(
      `insert into access.cost_budget (party, bucket, operation_class, capacity, restore_rate, reason)
       select id::text, 'PARTY', 'READ', 1500, 1, 'test' from identity.application where code = 'vnedu'`,
    )
    smas = await platform.client('smas')
    vnedu = await platform.client('vnedu')
  })
  afterAll(() => platform?.close())

  test('every answer tells its cost, requested and actual, and what is left', async () => {
    const { cost, data } = await smas.ask(sdk.SchoolsDocument, { first: 50, after: null, filter: null })
    const { nodes } = data!.schools
    // The connection, its page info, and each school that was there instead of the fifty asked for.
    expect(cost).toMatchObject({ operationClass: 'READ', requestedQueryCost: 52, actualQueryCost: 2 + nodes.length })
    expect(cost!.throttleStatus).toMatchObject({ maximumAvailable: 400_000, restoreRate: 20_000 })
  })

  test('an operation of one school shows what is left at that school', async () => {
    const school = { code: platform.party('smas').schools[0]!.code }
    const { cost } = await smas.ask(sdk.SchoolDocument, { school })
    expect(cost!.schoolThrottleStatus).toMatchObject({ maximumAvailable: 60_000, restoreRate: 3_000 })
  })

  test('a report is paid from another budget than records', async () => {
    const officer = await platform.client('can-bo-so')
    const { cost } = await officer.ask(sdk.SoftwareInUseDocument, {})
    expect(cost).toMatchObject({ operationClass: 'REPORT', throttleStatus: { maximumAvailable: 60_000 } })
  })

  test('who has spent the budget is refused with 429 in both languages, and it is in the audit; others work on', async () => {
    const list = { first: 1_000, after: null, filter: null }
    const first = await vnedu.ask(sdk.SchoolsDocument, list)
    expect([first.status, first.cost!.requestedQueryCost, first.cost!.throttleStatus.maximumAvailable]).toEqual([
      200, 1_002, 1_500,
    ])
    // What was asked for and was not there has come back: the budget lasts longer than one such question.
    let last = first
    for (let requests = 0; last.status === 200 && requests < 1_000; requests += 1)
      last = await vnedu.ask(sdk.SchoolsDocument, list)
    expect([last.status, last.data, last.errors.map(({ extensions }) => extensions?.code)]).toEqual([429, null, ['THROTTLED']])
    const [{ message, extensions }] = last.errors as [{ message: string; extensions: Record<string, unknown> }]
    expect([message, extensions.messageVi, extensions.bucket]).toEqual([
      expect.stringContaining('Wait'),
      expect.stringContaining('Hãy chờ'),
      'PARTY',
    ])
    expect(extensions.retryAfter).toBeGreaterThan(0)
    expect(last.cost).toMatchObject({ requestedQueryCost: 1_002, actualQueryCost: 0 })
    expect(await auditOf(platform.database, last.requestId)).toMatchObject([
      { outcome: 'REFUSED', error_codes: ['THROTTLED'], schools: [] },
    ])
    expect((await smas.ask(sdk.SchoolsDocument, list)).status).toBe(200)
    // Smaller bites are still let through.
    expect((await vnedu.ask(sdk.WhoAmIDocument, {})).status).toBe(200)
  })

  test('an operation that would be allowed is explained so, with its scopes, its schools and its cost, and is not run', async () => {
    const audited = async () =>
      (
        await platform.database.sql<{ count: number }>(
          `select count(*)::int as count from access.audit_event where operation_name = 'Classes'`,
        )
      )[0]!.count
    const before = await audited()
    const document = sdk.ClassesDocument.toString()
    const code = platform.party('smas').schools[0]!.code
    const answer = await explain(smas, document, { school: { code }, filter: null })
    expect(answer).toMatchObject({
      operationName: 'Classes',
      operationKind: 'QUERY',
      operationClass: 'READ',
      allowed: true,
      faults: [],
      consentsNeeded: false,
      cost: { maximum: 20_000 },
    })
    expect(answer.fields.map(({ coordinate }) => coordinate)).toContain('School.classRooms')
    expect(answer.scopes).toEqual([
      {
        scope: { name: 'school.read', nameVi: expect.any(String) },
        held: true,
        missingBecause: null,
        openSchools: platform.party('smas').schools.length,
      },
    ])
    expect(answer.schools.nodes).toHaveLength(platform.party('smas').schools.length)
    for (const each of answer.schools.nodes)
      expect([each.open, each.agreementIds.length > 0, each.missingScopes]).toEqual([true, true, []])
    const { cost } = await smas.ask(sdk.ClassesDocument, { school: { code }, filter: null })
    expect(cost!.requestedQueryCost).toBe(answer.cost.requested)
    expect(await audited()).toBe(before + 1)
  })

  test('an operation that would be refused is explained in the words of the refusal', async () => {
    const document = sdk.ContactBookReportDocument.toString()
    const answer = await explain(smas, document, { month: '2026-11' })
    const { errors } = await smas.ask(sdk.ContactBookReportDocument, { month: '2026-11' })
    expect(answer.allowed).toBe(false)
    expect(answer.faults).toEqual([
      { code: 'SCOPE_MISSING', message: errors[0]!.message, messageVi: errors[0]!.extensions!.messageVi, at: null },
    ])
    expect(answer.scopes).toEqual([
      expect.objectContaining({
        scope: expect.objectContaining({ name: 'report.read' }),
        held: false,
        missingBecause: 'NOT_APPROVED',
        openSchools: null,
      }),
    ])
    expect(answer.schools.nodes).toEqual([])
  })

  test('an invalid document is explained, not thrown', async () => {
    const invalid = await explain(smas, '{ schools(first: 1) { nodes { secret } } }')
    expect([invalid.allowed, invalid.faults.map(({ code }) => code), invalid.fields]).toEqual([
      false,
      ['GRAPHQL_VALIDATION_FAILED'],
      [],
    ])
    const broken = await explain(smas, '{ schools(')
    expect([broken.operationKind, broken.faults.map(({ code }) => code)]).toEqual([null, ['GRAPHQL_PARSE_FAILED']])
    const dear = await explain(smas, '{ schools(first: 1000) { nodes { students(first: 1000) { nodes { code } } } } }')
    expect([dear.faults[0]?.code, dear.cost.requested! > dear.cost.maximum]).toEqual(['QUERY_TOO_COSTLY', true])
  })

  test('what rests on consent is named', async () => {
    const answer = await explain(
      await platform.client('enetviet'),
      'query G($s: StudentRef!) { student(ref: $s) { guardians { phone } } }',
      {
        s: { code: '3800000000' },
      },
    )
    expect([answer.consentsNeeded, answer.typesRestingOnConsent]).toEqual([true, expect.arrayContaining(['Guardian'])])
  })

  test('the explanation is about the caller alone: the same document names nobody else’s agreement', async () => {
    const document = sdk.SchoolDocument.toString()
    const [own, other] = await Promise.all([
      explain(smas, document, { school: { code: 'x' } }),
      explain(await platform.client('enetviet'), document, { school: { code: 'x' } }),
    ])
    const ids = (answer: typeof own) => answer.schools.nodes.flatMap(({ agreementIds }) => agreementIds)
    const owned = async (code: string) =>
      (
        await platform.database.sql<{ id: string }>(
          `select g.agreement_id as id from access.school_grant g join identity.application a on a.id = g.application_id where a.code = $1`,
          [code],
        )
      ).map(({ id }) => id)
    expect(await owned('smas')).toEqual(expect.arrayContaining(ids(own)))
    expect(await owned('enetviet')).toEqual(expect.arrayContaining(ids(other)))
    expect(ids(own).filter((id) => ids(other).includes(id))).toEqual([])
  })

  test('every party may ask: an officer, and one who holds no scope it needs', async () => {
    const officer = await explain(await platform.client('can-bo-so'), sdk.SchoolDocument.toString(), { school: { code: 'x' } })
    expect([officer.allowed, officer.schools.nodes.length > 0, officer.schools.nodes[0]?.agreementIds]).toEqual([true, true, []])
    const compliance = await explain(
      await platform.client('tuan-thu'),
      '{ schools(first: 1) { nodes { students(first: 1) { nodes { fullName } } } } }',
    )
    expect([compliance.allowed, compliance.faults.map(({ code }) => code)]).toEqual([false, ['SCOPE_MISSING']])
  })
})

describe('two gateways on one database', () => {
  const TEN: Budgets['party'] = {
    READ: { capacity: 1_000, restoreRate: 1 },
    WRITE: { capacity: 1_000, restoreRate: 1 },
    REPORT: { capacity: 1_000, restoreRate: 1 },
  }
  let database: TestDatabase
  let doors: Door[]
  let time = Date.parse('2026-11-20T08:00:00+07:00')

  beforeAll(async () => {
    database = await freshDatabase({ province: false })
    await putClient(database, 'smas')
    await putClient(database, 'vnedu')
    const wishes = { budgets: { party: TEN, school: TEN }, now: () => new Date(time), log: pino({ level: 'silent' }) }
    doors = [await openDoor(database, wishes), await openDoor(database, wishes)]
  })
  afterAll(async () => {
    await Promise.all((doors ?? []).map((door) => door.close()))
    await database?.drop()
  })

  test('spend one budget: what one has granted the other does not grant again, and the neighbour is served', async () => {
    const [one, two] = doors as [Door, Door]
    const ask = async (door: Door, clientId: string) =>
      (await door.ask('{ students(first: 100) { name } }', { token: await door.token({ clientId }) })).status
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, request) => ask(request % 2 ? one : two, 'smas')))
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    const granted = statuses.filter((status) => status === 200).length
    // Ten pages, or nine when what is left lies in the hands of both.
    expect(granted).toBeGreaterThanOrEqual(9)
    expect(granted).toBeLessThanOrEqual(10)
    expect(await ask(two, 'vnedu')).toBe(200)
    time += 200_000
    expect(await ask(one, 'smas')).toBe(200)
  })
})
