// The registry: who is calling, which vendors and applications there are, and whose agreements are whose.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

let database: TestDatabase
let identity: TestSubgraph
beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

const also = (viewer: Viewer, ...scopes: Scope[]): Partial<Viewer> => ({ scopes: [...viewer.scopes, ...scopes] })
const application = async (code: string): Promise<Viewer> =>
  applicationViewer(database, code, also(await applicationViewer(database, code), 'identity.read'))
const person = async (mailbox: string, ...scopes: Scope[]): Promise<Viewer> =>
  personViewer(database, mailbox, also(await personViewer(database, mailbox), ...scopes))

const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await database.sql<{ n: string }>(`select count(*) as n from ${sql}`, values))[0]!.n)

describe('the viewer', () => {
  const VIEWER = `query ($scope: String = "school.read") {
    viewer { kind displayName role environment application { id } authority { id } scopes { name } schoolCount(scope: $scope) }
  }`

  test('an application learns its name, its scopes and how many schools are open to it', async () => {
    const smas = await applicationViewer(database, 'smas')
    const { data } = await identity.ask<{ viewer: object }>(smas, VIEWER)
    expect(data.viewer).toEqual({
      kind: 'APPLICATION',
      displayName: 'SMAS',
      role: null,
      environment: 'SANDBOX',
      application: { id: smas.applicationId },
      authority: null,
      scopes: smas.scopes.map((name) => ({ name })),
      schoolCount: 8,
    })
  })

  test('a scope that the token lacks opens no school, and one that does not exist is refused', async () => {
    const smas = await applicationViewer(database, 'smas')
    expect((await identity.ask<{ viewer: object }>(smas, VIEWER, { scope: 'health.read' })).data.viewer).toMatchObject({
      schoolCount: 0,
    })
    expect(codesOf(await identity.ask(smas, VIEWER, { scope: 'everything' }))).toEqual(['INPUT_INVALID'])
  })

  test('compliance is a person with a role and no school', async () => {
    const { data } = await identity.ask<{ viewer: object }>(await personViewer(database, 'tuan-thu'), VIEWER)
    expect(data.viewer).toMatchObject({ kind: 'PERSON', role: 'COMPLIANCE_OFFICER', application: null, schoolCount: 0 })
  })

  test('the pages of open schools hold each school once', async () => {
    const officer = await personViewer(database, 'can-bo-so')
    const PAGE = `query ($after: String) { viewer { schools(first: 10, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }`
    type Page = { viewer: { schools: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } }
    const seen: string[] = []
    let after: string | null = null
    do {
      const { schools }: Page['viewer'] = (await identity.ask<Page>(officer, PAGE, { after })).data.viewer
      seen.push(...schools.nodes.map(({ id }) => id))
      after = schools.pageInfo.hasNextPage ? schools.pageInfo.endCursor : null
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(await count('schools.school'))
  })
})

describe('vendors and applications', () => {
  test('an officer reads a product with its vendor and the Sở’s approval', async () => {
    const { data } = await identity.ask<{ application: object }>(
      await personViewer(database, 'can-bo-so'),
      `{ application(ref: { code: "smas" }) { name kind status vendor { code applications { code } } approvals { decisionNumber scopes { name legalBasis } } } }`,
    )
    expect(data.application).toMatchObject({
      name: 'SMAS',
      kind: 'SCHOOL_MANAGEMENT',
      status: 'ACTIVE',
      vendor: { code: 'viettel', applications: [{ code: 'smas' }] },
      approvals: [{ scopes: expect.arrayContaining([{ name: 'student.basic.read', legalBasis: 'AGREEMENT' }]) }],
    })
  })

  test('the pages of applications follow their codes', async () => {
    const officer = await personViewer(database, 'can-bo-so')
    type Page = { applications: { nodes: { code: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
    const PAGE = `query ($after: String) { applications(first: 3, after: $after) { nodes { code } pageInfo { endCursor hasNextPage } } }`
    const first = (await identity.ask<Page>(officer, PAGE)).data.applications
    const second = (await identity.ask<Page>(officer, PAGE, { after: first.pageInfo.endCursor })).data.applications
    expect([...first.nodes, ...second.nodes].map(({ code }) => code)).toEqual([
      'enetviet',
      'misa-emis',
      'smas',
      'vietschool',
      'vnedu',
    ])
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
  })

  test('without the scope the registry is closed, to the own application as well', async () => {
    const smas = await applicationViewer(database, 'smas', { scopes: ['school.read'] })
    expect(codesOf(await identity.ask(smas, `{ vendors { nodes { code } } }`))).toEqual(['SCOPE_MISSING'])
    expect(codesOf(await identity.ask(smas, `{ viewer { application { name } } }`))).toEqual(['SCOPE_MISSING'])
  })

  test('an application that does not exist is refused, as a reference of two names is', async () => {
    const officer = await personViewer(database, 'can-bo-so')
    expect(codesOf(await identity.ask(officer, `{ application(ref: { code: "nobody" }) { id } }`))).toEqual([
      'RECORD_NOT_ACCESSIBLE',
    ])
    expect(codesOf(await identity.ask(officer, `{ application(ref: { code: "smas", id: "x" }) { id } }`))).toEqual([
      'REFERENCE_INVALID',
    ])
  })
})

describe('agreements', () => {
  type Seen = { agreements: { nodes: { id: string; school: { id: string }; application: { code: string }; validTo: string }[] } }
  const AGREEMENTS = `query ($schoolId: ID, $applicationId: ID, $first: Int = 100) {
    agreements(first: $first, schoolId: $schoolId, applicationId: $applicationId) { nodes { id validTo school { id } application { code } } }
  }`
  const seenBy = async (viewer: Viewer, variables = {}) =>
    (await identity.ask<Seen>(viewer, AGREEMENTS, variables)).data.agreements.nodes

  test('an application sees all of its own, also one that has run out, and none of its rivals', async () => {
    const seen = await seenBy(await application('vnedu'))
    expect(new Set(seen.map(({ application }) => application.code))).toEqual(new Set(['vnedu']))
    expect(seen.length).toBe(
      await count(`identity.agreement g join identity.application a on a.id = g.application_id where a.code = 'vnedu'`),
    )
    expect(seen.some(({ validTo }) => validTo < '2026-11-20')).toBe(true)
  })

  test('an application that acts for a principal sees its agreement with that school, and none with another', async () => {
    const [row] = await database.sql<{ email: string; school_id: string; code: string }>(
      `select p.email, g.school_id, a.code from access.school_grant g
       join identity.application a on a.id = g.application_id
       join access.membership m on m.school_id = g.school_id and m.role = 'PRINCIPAL'
       join identity.account p on p.id = m.account_id
       where a.code = 'smas' and 'identity.read' = any (g.scopes) and date '2026-11-20' between g.valid_from and g.valid_to limit 1`,
    )
    const { accountId, role } = await personViewer(database, row!.email)
    const together = await applicationViewer(database, row!.code, { accountId, role })
    const LIST = `{ agreements { nodes { school { id } } } registryEvents { nodes { school { id } } } }`
    type Listed = {
      agreements: { nodes: { school: { id: string } }[] }
      registryEvents: { nodes: { school: { id: string } | null }[] }
    }
    const { data } = await identity.ask<Listed>(together, LIST)
    expect(data.agreements.nodes).toEqual([{ school: { id: row!.school_id } }])
    expect(data.registryEvents.nodes.filter(({ school }) => school && school.id !== row!.school_id)).toEqual([])
    const alone = await identity.ask<Listed>(await applicationViewer(database, row!.code), LIST)
    expect(alone.data.agreements.nodes.length).toBeGreaterThan(1)
  })

  test('an application that asks for a rival’s agreements is shown nothing, also at a school that both serve', async () => {
    const enetviet = await applicationViewer(database, 'enetviet')
    const [shared] = await database.sql<{ school_id: string }>(
      `select school_id from identity.agreement g join identity.application a on a.id = g.application_id
       group by school_id having bool_or(a.code = 'smas') and bool_or(a.code = 'enetviet') limit 1`,
    )
    expect(await seenBy(await application('smas'), { applicationId: enetviet.applicationId })).toEqual([])
    const atShared = await seenBy(await application('smas'), { schoolId: shared!.school_id })
    expect(atShared.map(({ application }) => application.code)).toEqual(['smas'])
  })

  test('an officer sees those of the schools below the authority, a principal those of the own school', async () => {
    expect((await seenBy(await personViewer(database, 'can-bo-so'))).length).toBe(await count('identity.agreement'))
    const principal = await person('hieu-truong@thpt-hac-thanh', 'identity.read')
    const [{ school_id: own }] = (await database.sql<{ school_id: string }>(
      `select school_id from access.membership where account_id = $1`,
      [principal.accountId],
    )) as [{ school_id: string }]
    const seen = await seenBy(principal)
    expect(seen.length).toBe(await count('identity.agreement where school_id = $1', [own]))
    expect(new Set(seen.map(({ school }) => school.id))).toEqual(new Set([own]))
  })

  test('compliance, which has no school, reviews every agreement', async () => {
    expect((await seenBy(await personViewer(database, 'tuan-thu'))).length).toBe(await count('identity.agreement'))
  })

  test('without the scope of a review, or when the account is suspended, compliance sees none', async () => {
    const compliance = await personViewer(database, 'tuan-thu')
    expect(await seenBy({ ...compliance, scopes: ['identity.read'] })).toEqual([])
    await database.sql(`update identity.account set status = 'SUSPENDED' where id = $1`, [compliance.accountId])
    expect(await seenBy(compliance)).toEqual([])
    await database.sql(`update identity.account set status = 'ACTIVE' where id = $1`, [compliance.accountId])
  })

  test('an officer who says to be of compliance is not: the database asks the account', async () => {
    const commune = await person('can-bo-hac-thanh', 'identity.read', 'access.review')
    const before = await seenBy(commune)
    expect(before.length).toBeLessThan(await count('identity.agreement'))
    expect((await seenBy({ ...commune, role: 'COMPLIANCE_OFFICER' })).length).toBeLessThanOrEqual(before.length)
  })

  test('a query that forgets to open anything finds no agreement, as the subgraph’s own role', async () => {
    const client = new pg.Client({ connectionString: database.urlOf('identity') })
    await client.connect()
    const { rows } = await client.query('select * from identity.agreement')
    await client.end()
    expect(rows).toEqual([])
  })

  test('a query that forgets to name the application is shown no rival’s, as the subgraph’s own role', async () => {
    const { applicationId } = await applicationViewer(database, 'smas')
    const client = new pg.Client({ connectionString: database.urlOf('identity') })
    await client.connect()
    await client.query('begin')
    await client.query(`select access.open_viewer($1, null, 'school.read', null, '2026-11-20')`, [applicationId])
    const { rows } = await client.query('select distinct application_id from identity.agreement')
    await client.end()
    expect(rows).toEqual([{ application_id: applicationId }])
  })

  test('the pages follow one another without a gap', async () => {
    const officer = await personViewer(database, 'can-bo-so')
    type Page = { agreements: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
    const PAGE = `query ($after: String) { agreements(first: 9, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }`
    const seen = new Set<string>()
    let after: string | null = null
    do {
      const { agreements }: Page = (await identity.ask<Page>(officer, PAGE, { after })).data
      for (const { id } of agreements.nodes) seen.add(id)
      after = agreements.pageInfo.hasNextPage ? agreements.pageInfo.endCursor : null
    } while (after)
    expect(seen.size).toBe(await count('identity.agreement'))
  })
})

describe('a school', () => {
  const SCHOOLS = `query ($reps: [_Any!]!) { _entities(representations: $reps) { ... on School { id software { code } agreements { application { code } } } } }`
  type Entities = { _entities: { id: string; software: { code: string }[]; agreements: { application: { code: string } }[] }[] }
  const schools = () =>
    database.sql<{ school_id: string; codes: string[] }>(
      `select g.school_id, array_agg(a.code order by a.code) as codes from identity.agreement g join identity.application a on a.id = g.application_id
       where date '2026-11-20' between g.valid_from and g.valid_to and g.ended_at is null group by g.school_id order by g.school_id`,
    )

  test('tells an officer every product in use, and an application itself alone', async () => {
    const wanted = await schools()
    const reps = wanted.map(({ school_id: id }) => ({ __typename: 'School', id }))
    const officer = await identity.ask<Entities>(await personViewer(database, 'can-bo-so'), SCHOOLS, { reps })
    expect(
      officer.data._entities.map(({ id, software }) => ({ school_id: id, codes: software.map(({ code }) => code) })),
    ).toEqual(wanted)
    const smas = await identity.ask<Entities>(await application('smas'), SCHOOLS, { reps })
    const told = smas.data._entities.flatMap(({ software, agreements }) => [
      ...software.map(({ code }) => code),
      ...agreements.map((agreement) => agreement.application.code),
    ])
    expect(told).toEqual(Array(16).fill('smas'))
  })

  test('whose product was suspended no longer uses it', async () => {
    await database.sql(`update identity.application set status = 'SUSPENDED' where code = 'misa-emis'`)
    const reps = (await schools()).map(({ school_id: id }) => ({ __typename: 'School', id }))
    const { data } = await identity.ask<Entities>(await personViewer(database, 'can-bo-so'), SCHOOLS, { reps })
    expect(data._entities.flatMap(({ software }) => software.map(({ code }) => code))).not.toContain('misa-emis')
    await database.sql(`update identity.application set status = 'ACTIVE' where code = 'misa-emis'`)
  })
})
