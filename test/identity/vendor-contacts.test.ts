// The register of vendors is open; the people behind a vendor are told to those who supervise it or decide about it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { newDeveloper } from './developers.ts'
import * as kit from './rights-kit.ts'

const PEOPLE = {
  contactEmail: 'lien-he@viettel.example',
  contactName: 'Lê Văn Kết Nối',
  contactPhone: '0237000001',
  dataProtectionOfficer: 'Phạm Thị Bảo Mật',
  dataProtectionOfficerEmail: 'dpo@viettel.example',
}
const NOBODY = Object.fromEntries(Object.keys(PEOPLE).map((name) => [name, null]))
const ALL = `code legalName taxCode ${Object.keys(PEOPLE).join(' ')}`

let database: TestDatabase
let identity: TestSubgraph
let viettel: string

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  const [vendor] = await database.sql<{ id: string }>(
    `update identity.vendor set contact_email = $1, contact_name = $2, contact_phone = $3, data_protection_officer = $4, data_protection_officer_email = $5
     where code = 'viettel' returning id`,
    Object.values(PEOPLE),
  )
  viettel = vendor!.id
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

type Told = Record<keyof typeof PEOPLE | 'code' | 'legalName' | 'taxCode', string | null>

/** Every way to a vendor: the list, an application's, and the reference of the federation. */
async function toldTo(viewer: Viewer): Promise<Told[]> {
  const { data, errors } = await identity.ask<{
    vendors: { nodes: Told[] }
    application: { vendor: Told }
    _entities: Told[]
  }>(
    viewer,
    `query ($of: [_Any!]!) { vendors(first: 100) { nodes { ${ALL} } } application(ref: { code: "smas" }) { vendor { ${ALL} } }
       _entities(representations: $of) { ... on Vendor { ${ALL} } } }`,
    { of: [{ __typename: 'Vendor', id: viettel }] },
  )
  expect(errors).toBeUndefined()
  return [data.vendors.nodes.find(({ code }) => code === 'viettel')!, data.application.vendor, data._entities[0]!]
}

const reading = (viewer: Viewer): Viewer => ({ ...viewer, scopes: [...new Set([...viewer.scopes, 'identity.read' as const])] })
const REGISTER = { code: 'viettel', legalName: expect.any(String), taxCode: expect.any(String) }

test.each([
  ['its own application', () => applicationViewer(database, 'smas')],
  ['an officer of the Sở', () => personViewer(database, 'can-bo-so')],
  ['compliance', () => personViewer(database, 'tuan-thu')],
  ['a principal', () => personViewer(database, 'hieu-truong@thpt-hac-thanh')],
])('%s is told who answers at a vendor, whichever way is taken', async (_who, viewer) => {
  for (const told of await toldTo(reading(await viewer()))) expect(told).toEqual({ ...REGISTER, ...PEOPLE })
})

test.each([
  ['another vendor’s application', () => applicationViewer(database, 'vnedu')],
  ['a teacher', () => personViewer(database, '3%@thpt-hac-thanh')],
  [
    'another vendor’s application in a principal’s name',
    async () => {
      const { accountId, role } = await personViewer(database, 'hieu-truong@thpt-hac-thanh')
      return applicationViewer(database, 'vnedu', { accountId, role })
    },
  ],
])('%s reads the register and none of its people, whichever way is taken', async (_who, viewer) => {
  for (const told of await toldTo(reading(await viewer()))) expect(told).toEqual({ ...REGISTER, ...NOBODY })
})

test('a developer reads the own vendor as it was registered', async () => {
  const developer = await newDeveloper(database)
  const input = { ...PEOPLE, code: 'tu-doc', legalName: 'Công ty Tự Đọc', taxCode: '2801112220' }
  const { done } = kit.actor(identity)
  const text = `mutation ($input: RegisterVendorInput!) { registerVendor(input: $input) { ${Object.keys(PEOPLE).join(' ')} } }`
  expect(await done(await developer.viewer(), text, { input })).toEqual(PEOPLE)
})

test('what a vendor asked for, with its purposes, is not told to its rivals', async () => {
  const smas = reading(await applicationViewer(database, 'smas'))
  const { done } = kit.actor(identity)
  await done(smas, kit.REQUEST_SCOPES, { ref: { code: 'smas' }, scopes: kit.requestOf(['attendance.write']) })
  const asked = async (viewer: Viewer) =>
    (
      await identity.ask<{ application: { scopeRequests: unknown[] } }>(
        reading(viewer),
        `{ application(ref: { code: "smas" }) { scopeRequests { purpose } } }`,
      )
    ).data.application.scopeRequests.length
  expect([
    await asked(smas),
    await asked(await personViewer(database, 'can-bo-so')),
    await asked(await applicationViewer(database, 'vnedu')),
  ]).toEqual([1, 1, 0])
})
