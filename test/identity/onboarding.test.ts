// A developer registers the own vendor and its products; keys for production follow the approval; nobody else's registry is seen.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerParties } from '../../platform/sandbox/parties.ts'
import { readIdentitySecrets } from '../../platform/secrets.ts'
import { vietnamDay } from '../../subgraphs/kernel/database.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { isTaxCode } from '../../subgraphs/identity/registry/tax-code.ts'
import { freshDatabase, secretsDir, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { newDeveloper, type Developer } from './developers.ts'
import * as kit from './rights-kit.ts'

let database: TestDatabase
let identity: TestSubgraph
let act: ReturnType<typeof kit.actor>
let officer: Viewer
let smas: Viewer

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  act = kit.actor(identity)
  officer = await personViewer(database, 'can-bo-so')
  smas = await applicationViewer(database, 'smas')
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

let serial = 0
const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3]
/** A tax code that nobody of this test has yet. */
function newTaxCode(): string {
  for (;;) {
    const digits = String(280_000_000 + (serial += 7))
    const check = 10 - (WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11)
    if (check < 10) return `${digits}${check}`
  }
}
const vendorInput = (code: string, more: object = {}) => ({
  code,
  legalName: 'Công ty TNHH Phần mềm Hồng Đức',
  taxCode: newTaxCode(),
  contactName: 'Lê Minh Hà',
  contactEmail: `lien-he@${code}.example`,
  dataProtectionOfficer: 'Trịnh Văn Lâm',
  dataProtectionOfficerEmail: `dpo@${code}.example`,
  certificates: [{ kind: 'ISO_27001', number: 'IS 123', issuedOn: '2026-01-01', validTo: '2029-01-01' }],
  ...more,
})
async function vendorOf(developer: Developer, code: string): Promise<Viewer> {
  await act.done(await developer.viewer(), kit.REGISTER_VENDOR, { input: vendorInput(code) })
  return developer.viewer()
}
const decision = (scopes: readonly string[]) => ({
  decisionNumber: `${(serial += 1)}/QĐ-SGDĐT`,
  scopes,
  validFrom: '2026-11-01',
  validTo: '2028-10-31',
})

test('a tax code is proven by its last digit', () => {
  // Published codes of enterprises (Viettel, FPT, MISA), a branch of one, and slips in them.
  for (const code of ['0100109106', '0101248141', '0101243150', '0100109106-001'])
    expect([code, isTaxCode(code)]).toEqual([code, true])
  for (const code of ['0100109107', '0100190106', '010010910', '01001091060', '0100109106-1', 'A100109106', '', '0100109106 '])
    expect([code, isTaxCode(code)]).toEqual([code, false])
})

describe('a developer', () => {
  test('registers the own vendor, speaks for it from then on, and it is written down', async () => {
    const developer = await newDeveloper(database)
    const before = await developer.viewer()
    const [was] = await database.sql<{ vendor_id: string | null }>('select vendor_id from access.person where account_id = $1', [
      developer.accountId,
    ])
    const vendor = await act.done(before, kit.REGISTER_VENDOR, { input: vendorInput('hong-duc') })
    expect(vendor).toMatchObject({ code: 'hong-duc', certificates: [{ kind: 'ISO_27001', number: 'IS 123' }] })
    expect([was!.vendor_id, (await developer.viewer()).vendorId]).toEqual([null, vendor.id])
    const events = await database.sql(
      'select subject, act, to_state, account_id, party_name, tenant_id from identity.registry_event where vendor_id = $1',
      [vendor.id],
    )
    expect(events).toEqual([
      {
        subject: 'VENDOR',
        act: 'REGISTER',
        to_state: 'REGISTERED',
        account_id: developer.accountId,
        party_name: 'Phạm Thu Trang',
        tenant_id: null,
      },
    ])
  })

  test('speaks for one vendor: a second is refused, of twenty at once one comes to be', async () => {
    const developer = await newDeveloper(database)
    const viewer = await developer.viewer()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => act.refused(viewer, kit.REGISTER_VENDOR, { input: vendorInput(`cung-luc-${n}`) })),
    )
    expect(outcomes.filter(({ length }) => length === 0)).toHaveLength(1)
    expect(new Set(outcomes.flat())).toEqual(new Set(['TRANSITION_ILLEGAL']))
    expect(await act.refused(await developer.viewer(), kit.REGISTER_VENDOR, { input: vendorInput('thu-hai') })).toEqual([
      'TRANSITION_ILLEGAL',
    ])
    const [made] = await database.sql<{ n: number }>(
      `select count(*)::int as n from identity.vendor where code like 'cung-luc-%'`,
    )
    expect(made!.n).toBe(1)
  })

  test('takes neither the code nor the tax code of a vendor that is there, whether seen or not', async () => {
    const developer = await newDeveloper(database)
    const viewer = await developer.viewer()
    expect(await act.refused(viewer, kit.REGISTER_VENDOR, { input: vendorInput('viettel') })).toEqual(['VENDOR_EXISTS'])
    expect((await developer.viewer()).vendorId).toBeNull()
  })

  test('without a vendor registers no product; with one, its own and nobody else’s', async () => {
    const developer = await newDeveloper(database)
    const input = { code: 'hong-duc-so', name: 'Sổ điểm', kind: 'SCHOOL_MANAGEMENT' }
    expect(await act.refused(await developer.viewer(), kit.REGISTER_APPLICATION, { input })).toEqual(['ACT_FORBIDDEN'])
    const viewer = await vendorOf(developer, 'co-san-pham')
    expect(await act.refused(viewer, kit.REGISTER_APPLICATION, { input: { ...input, vendorId: smas.vendorId } })).toEqual([
      'RECORD_NOT_ACCESSIBLE',
    ])
    expect(await act.done(viewer, kit.REGISTER_APPLICATION, { input })).toMatchObject({ status: 'DRAFT', environment: 'SANDBOX' })
  })

  test('decides nothing that the Sở or a school decides', async () => {
    const viewer = await vendorOf(await newDeveloper(database), 'khong-quyet')
    const { id } = await act.done(viewer, kit.REGISTER_APPLICATION, {
      input: { code: 'khong-quyet-1', name: 'A', kind: 'PORTAL' },
    })
    const ref = { id }
    await act.done(viewer, kit.REQUEST_SCOPES, { ref, scopes: kit.requestOf(['school.read']) })
    expect(await act.refused(viewer, kit.APPROVE, { ref, input: decision(['school.read']) })).toEqual(['SCOPE_MISSING'])
    for (const done of ['refuse', 'suspend', 'reinstate', 'revoke'] as const)
      expect([done, await act.refused(viewer, kit.DECIDE(done), { ref })]).toEqual([done, ['SCOPE_MISSING']])
    expect(await act.refused(viewer, kit.SIGN, { id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(viewer, kit.PROPOSE, { input: { school: { code: '38380701' }, terms: kit.TERMS } })).toEqual([
      'ACT_FORBIDDEN',
    ])
  })
})

describe('a product for production', () => {
  test('has no key before the Sở approves it, and one after', async () => {
    const viewer = await vendorOf(await newDeveloper(database), 'chinh-thuc')
    const { id } = await act.done(viewer, kit.REGISTER_APPLICATION, {
      input: { code: 'chinh-thuc-1', name: 'Sổ điểm', kind: 'SCHOOL_MANAGEMENT', environment: 'PRODUCTION' },
    })
    const rotate = { ref: { id }, key: kit.newPublicKey() }
    expect(await act.refused(viewer, kit.ROTATE, rotate)).toEqual(['CREDENTIAL_BEFORE_APPROVAL'])
    await act.done(viewer, kit.REQUEST_SCOPES, { ref: { id }, scopes: kit.requestOf(['school.read', 'gradebook.read']) })
    expect(await act.refused(viewer, kit.ROTATE, rotate)).toEqual(['CREDENTIAL_BEFORE_APPROVAL'])
    await act.done(officer, kit.DECIDE('refuse'), { ref: { id } })
    expect(await act.refused(viewer, kit.ROTATE, rotate)).toEqual(['CREDENTIAL_BEFORE_APPROVAL'])
    await act.done(viewer, kit.REQUEST_SCOPES, { ref: { id }, scopes: kit.requestOf(['school.read']) })
    await act.done(officer, kit.APPROVE, { ref: { id }, input: decision(['school.read']) })
    expect(await act.done(viewer, kit.ROTATE, rotate)).toMatchObject({ revokedAt: null })
    const clients = await database.sql('select environment, status, scopes from access.client where client_id = $1', [
      'chinh-thuc-1',
    ])
    expect(clients).toEqual([{ environment: 'PRODUCTION', status: 'ACTIVE', scopes: ['school.read'] }])
    const steps = await database.sql<{ step: string }>(
      `select coalesce(from_state, '-') || ' ' || act || ' ' || to_state as step from identity.registry_event
       where application_id = $1 and subject = 'APPLICATION' order by at, id`,
      [id],
    )
    expect(steps.map(({ step }) => step)).toEqual([
      '- REGISTER DRAFT',
      'DRAFT REQUEST REQUESTED',
      'REQUESTED REFUSE REFUSED',
      'REFUSED REQUEST REQUESTED',
      'REQUESTED APPROVE ACTIVE',
    ])
    await act.done(officer, kit.DECIDE('revoke'), { ref: { id } })
    expect(await act.refused(viewer, kit.ROTATE, { ...rotate, key: kit.newPublicKey() })).toEqual(['TRANSITION_ILLEGAL'])
  })
})

test('a restart of the sandbox leaves the keys and the accounts of those who came since alone', async () => {
  const developer = await newDeveloper(database)
  const viewer = await vendorOf(developer, 'ben-lau')
  const { id } = await act.done(viewer, kit.REGISTER_APPLICATION, { input: { code: 'ben-lau-1', name: 'A', kind: 'PORTAL' } })
  await act.done(viewer, kit.ROTATE, { ref: { id }, key: kit.newPublicKey() })
  await act.done(viewer, kit.REQUEST_SCOPES, { ref: { id }, scopes: kit.requestOf(['school.read']) })
  await act.done(officer, kit.APPROVE, { ref: { id }, input: decision(['school.read']) })
  const clients = () =>
    database.sql(`select client_id, jwks from access.client where client_id like 'ben-lau-1' or account_id = $1`, [
      developer.accountId,
    ])
  const before = await clients()
  expect(before).toHaveLength(1)
  const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-restart-'))
  const { accountKeys } = await readIdentitySecrets(secretsDir())
  const now = new Date()
  const parties = await registerParties({ adminUrl: database.adminUrl, dataDir, accountKeys, now, today: vietnamDay(now) })
  await rm(dataDir, { recursive: true })
  expect(await clients()).toEqual(before)
  expect(parties.filter(({ clientId, role }) => clientId.startsWith('ben-lau') || role === 'DEVELOPER')).toEqual([])
  expect(parties.map(({ clientId }) => clientId)).toContain('smas')
})

describe('the registry', () => {
  const REGISTRY = `{ vendors(first: 50) { nodes { code } } applications(first: 50) { nodes { code credentials { id } } }
    registryEvents(first: 50) { nodes { partyName } } }`
  interface Registry {
    vendors: { nodes: { code: string }[] }
    applications: { nodes: { code: string }[] }
    registryEvents: { nodes: { partyName: string }[] }
  }
  const seenBy = async (viewer: Viewer): Promise<Registry> => (await identity.ask<Registry>(viewer, REGISTRY)).data

  test('shows a developer the own vendor and nothing of the others, and the Sở every vendor', async () => {
    const developer = await newDeveloper(database)
    const empty = await seenBy(await developer.viewer())
    expect([empty.vendors.nodes, empty.applications.nodes, empty.registryEvents.nodes]).toEqual([[], [], []])
    const viewer = await vendorOf(developer, 'chi-minh-toi')
    await act.done(viewer, kit.REGISTER_APPLICATION, { input: { code: 'chi-minh-toi-1', name: 'A', kind: 'PORTAL' } })
    const own = await seenBy(viewer)
    expect(own.vendors.nodes).toEqual([{ code: 'chi-minh-toi' }])
    expect(own.applications.nodes.map(({ code }) => code)).toEqual(['chi-minh-toi-1'])
    expect(own.registryEvents.nodes).toHaveLength(2)
    const all = (await seenBy(officer)).vendors.nodes.map(({ code }) => code)
    expect(all).toEqual(expect.arrayContaining(['chi-minh-toi', 'viettel', 'vnpt']))
  })

  test('answers a developer the same for a product of another vendor and for none', async () => {
    const viewer = await vendorOf(await newDeveloper(database), 'to-mo')
    const ask = (code: string) =>
      act.refused(viewer, 'query ($ref: ApplicationRef!) { application(ref: $ref) { id } }', { ref: { code } })
    expect([await ask('smas'), await ask('khong-co')]).toEqual([['RECORD_NOT_ACCESSIBLE'], ['RECORD_NOT_ACCESSIBLE']])
    const rotate = (code: string) => act.refused(viewer, kit.ROTATE, { ref: { code }, key: kit.newPublicKey() })
    expect([await rotate('smas'), await rotate('khong-co')]).toEqual([['RECORD_NOT_ACCESSIBLE'], ['RECORD_NOT_ACCESSIBLE']])
  })
})
