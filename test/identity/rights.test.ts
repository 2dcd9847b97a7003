// Rights have a life: requested, decided, agreed, amended, ended — each step by the party that may, and refused to the others.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import * as kit from './rights-kit.ts'

let database: TestDatabase
let identity: TestSubgraph
let officer: Viewer
let commune: Viewer
let compliance: Viewer
let smas: Viewer
let upper: Awaited<ReturnType<typeof kit.schoolOfPrincipal>>
let lower: Awaited<ReturnType<typeof kit.schoolOfPrincipal>>
let act: ReturnType<typeof kit.actor>

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  act = kit.actor(identity)
  officer = await personViewer(database, 'can-bo-so')
  const communeAsIs = await personViewer(database, 'can-bo-hac-thanh')
  commune = await personViewer(database, 'can-bo-hac-thanh', {
    scopes: [...communeAsIs.scopes, 'identity.read', 'vendor.approve'],
  })
  compliance = await personViewer(database, 'tuan-thu')
  smas = await applicationViewer(database, 'smas')
  upper = await kit.schoolOfPrincipal(database, 'hieu-truong@thpt-hac-thanh')
  lower = await kit.schoolOfPrincipal(database, 'hieu-truong@thcs-hac-thanh')
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

const VENDOR = {
  code: 'minh-khai',
  legalName: 'Công ty TNHH Công nghệ Minh Khai',
  taxCode: '2801112220',
  contactEmail: 'ket-noi@minh-khai.example',
  dataProtectionOfficer: 'Trịnh Văn Lâm',
  dataProtectionOfficerEmail: 'dpo@minh-khai.example',
}

let serial = 0
/** A new application of a vendor, approved for the scopes, with the viewer it will have. */
async function approvedApplication(
  scopes: readonly string[] = kit.TERMS.scopes,
): Promise<{ id: string; code: string; viewer: Viewer }> {
  serial += 1
  const code = `san-pham-${serial}`
  const application = await act.done(officer, kit.REGISTER_APPLICATION, {
    input: { vendorId: smas.vendorId, code, name: `Sản phẩm ${serial}`, kind: 'CONTACT_BOOK' },
  })
  const ref = { id: application.id }
  await act.done(officer, kit.ROTATE, { ref, key: kit.newPublicKey() })
  await act.done(officer, kit.REQUEST_SCOPES, { ref, scopes: kit.requestOf(scopes) })
  await act.done(officer, kit.APPROVE, { ref, input: decision(scopes) })
  return { id: application.id, code, viewer: await applicationViewer(database, code) }
}

let decisions = 0
const decision = (scopes: readonly string[], more: object = {}) => ({
  decisionNumber: `${9000 + (decisions += 1)}/QĐ-SGDĐT`,
  scopes,
  validFrom: '2026-11-01',
  validTo: '2028-10-31',
  ...more,
})

const proposed = async (product: { viewer: Viewer }, school: { id: string }, terms: object = {}) =>
  act.done(product.viewer, kit.PROPOSE, { input: { school: { id: school.id }, terms: { ...kit.TERMS, ...terms } } })
const signed = async (product: { viewer: Viewer }, school: { id: string; principal: Viewer }, terms: object = {}) =>
  act.done(school.principal, kit.SIGN, { id: (await proposed(product, school, terms)).id })

describe('a vendor', () => {
  test('is registered once: its code and its tax code are taken', async () => {
    const vendor = await act.done(officer, kit.REGISTER_VENDOR, { input: VENDOR })
    expect(vendor).toMatchObject({ code: 'minh-khai', certificates: [] })
    expect(await act.refused(officer, kit.REGISTER_VENDOR, { input: { ...VENDOR, code: 'khac' } })).toEqual(['VENDOR_EXISTS'])
    expect(await act.refused(officer, kit.REGISTER_VENDOR, { input: { ...VENDOR, taxCode: '2809998882' } })).toEqual([
      'VENDOR_EXISTS',
    ])
  })

  test.each([
    ['a tax code of nine digits', { taxCode: '280111222' }, 'TAX_CODE_INVALID'],
    ['a tax code whose last digit does not prove the others', { taxCode: '2801112221' }, 'TAX_CODE_INVALID'],
    ['a code kept for sandboxes', { code: 'sandbox-moi' }, 'INPUT_INVALID'],
    ['a code with a capital', { code: 'Minh' }, 'INPUT_INVALID'],
    ['no mailbox', { contactEmail: 'minh-khai' }, 'INPUT_INVALID'],
    ['no name', { legalName: '  ' }, 'INPUT_INVALID'],
    [
      'a certificate that ends before it begins',
      { certificates: [{ kind: 'ISO_27001', number: '1', issuedOn: '2026-01-02', validTo: '2026-01-01' }] },
      'VALIDITY_INVALID',
    ],
  ])('with %s is refused', async (_what, change, code) => {
    expect(
      await act.refused(officer, kit.REGISTER_VENDOR, { input: { ...VENDOR, code: 'moi', taxCode: '2800000002', ...change } }),
    ).toEqual([code])
  })

  test('is registered by the Sở or its own developer, and by no application, principal, commune or compliance', async () => {
    const input = { ...VENDOR, code: 'moi', taxCode: '2800000002' }
    expect(await act.refused(smas, kit.REGISTER_VENDOR, { input })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(upper.principal, kit.REGISTER_VENDOR, { input })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(compliance, kit.REGISTER_VENDOR, { input })).toEqual(['ACT_FORBIDDEN'])
    // A commune whose account was given the scope by mistake is still not the Sở.
    expect(await act.refused(commune, kit.REGISTER_VENDOR, { input })).toEqual(['ACT_FORBIDDEN'])
  })

  test('registers a further application itself, and none for a rival', async () => {
    const input = { code: 'smas-thi', name: 'SMAS Thi', kind: 'EXAM' }
    expect(await act.done(smas, kit.REGISTER_APPLICATION, { input })).toMatchObject({ status: 'DRAFT', environment: 'SANDBOX' })
    const vnedu = await applicationViewer(database, 'vnedu')
    expect(
      await act.refused(smas, kit.REGISTER_APPLICATION, { input: { ...input, code: 'x-thi', vendorId: vnedu.vendorId } }),
    ).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(smas, kit.REGISTER_APPLICATION, { input })).toEqual(['APPLICATION_EXISTS'])
    // The code is the client_id as well: the name of a person’s client is taken too.
    await database.sql(
      `insert into access.client (client_id, account_id, display_name, environment, scopes, status, jwks, updated_at)
       values ('can-bo-so', $1, 'x', 'SANDBOX', '{}', 'ACTIVE', '{}', now())`,
      [officer.accountId],
    )
    expect(await act.refused(smas, kit.REGISTER_APPLICATION, { input: { ...input, code: 'can-bo-so' } })).toEqual([
      'APPLICATION_EXISTS',
    ])
    expect(await act.refused(upper.principal, kit.REGISTER_APPLICATION, { input: { ...input, code: 'y-thi' } })).toEqual([
      'ACT_FORBIDDEN',
    ])
  })
})

describe('an application', () => {
  test('asks for scopes with a purpose each, and is granted no more than it asked for', async () => {
    const { id } = await act.done(smas, kit.REGISTER_APPLICATION, { input: { code: 'hoi-it', name: 'Hỏi ít', kind: 'PORTAL' } })
    const ref = { id }
    expect(await act.refused(smas, kit.REQUEST_SCOPES, { ref, scopes: [] })).toEqual(['SCOPES_REQUIRED'])
    expect(await act.refused(smas, kit.REQUEST_SCOPES, { ref, scopes: [{ scope: 'everything', purpose: 'Tất cả' }] })).toEqual([
      'SCOPE_UNKNOWN',
    ])
    expect(await act.refused(smas, kit.REQUEST_SCOPES, { ref, scopes: [{ scope: 'school.read', purpose: ' ' }] })).toEqual([
      'PURPOSE_REQUIRED',
    ])
    const asked = await act.done(smas, kit.REQUEST_SCOPES, { ref, scopes: kit.requestOf(['school.read', 'health.read']) })
    expect(asked).toMatchObject({ status: 'REQUESTED' })

    expect(await act.refused(officer, kit.APPROVE, { ref, input: decision(['school.read', 'gradebook.read']) })).toEqual([
      'SCOPE_NOT_REQUESTED',
    ])
    expect(await act.refused(officer, kit.APPROVE, { ref, input: decision([], {}) })).toEqual(['SCOPES_REQUIRED'])
    expect(await act.refused(officer, kit.APPROVE, { ref, input: decision(['school.read'], { decisionNumber: ' ' }) })).toEqual([
      'DECISION_NUMBER_REQUIRED',
    ])
    expect(await act.refused(officer, kit.APPROVE, { ref, input: decision(['school.read'], { validTo: '2026-11-19' }) })).toEqual(
      ['VALIDITY_INVALID'],
    )
    expect(await act.refused(commune, kit.APPROVE, { ref, input: decision(['school.read']) })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.done(officer, kit.APPROVE, { ref, input: decision(['school.read']) })).toMatchObject({ status: 'ACTIVE' })
    const { data } = await identity.ask<{ application: object }>(
      officer,
      `query ($ref: ApplicationRef!) { application(ref: $ref) { scopeRequests { scope { name } granted } } }`,
      { ref },
    )
    expect(data.application).toEqual({
      scopeRequests: [
        { scope: { name: 'health.read' }, granted: false },
        { scope: { name: 'school.read' }, granted: true },
      ],
    })
  })

  test('of a rival is not there for a vendor that would ask in its name', async () => {
    const scopes = kit.requestOf(['school.read'])
    const theirs = await act.refused(smas, kit.REQUEST_SCOPES, { ref: { code: 'vnedu' }, scopes })
    const nobodys = await act.refused(smas, kit.REQUEST_SCOPES, { ref: { code: 'khong-co' }, scopes })
    expect([theirs, nobodys]).toEqual([['RECORD_NOT_ACCESSIBLE'], ['RECORD_NOT_ACCESSIBLE']])
  })

  test('asks for more and is refused it without losing what it has', async () => {
    const product = await approvedApplication()
    const school = await signed(product, upper)
    const ref = { id: product.id }
    expect(await act.refused(officer, kit.DECIDE('refuse'), { ref })).toEqual(['TRANSITION_ILLEGAL'])
    await act.done(product.viewer, kit.REQUEST_SCOPES, { ref, scopes: kit.requestOf(['health.read']) })
    expect(await act.done(officer, kit.DECIDE('refuse'), { ref })).toMatchObject({ status: 'ACTIVE' })
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([upper.id])
    expect(school.state).toBe('SIGNED')
  })

  test('is narrowed by a later decision from its first day on: no day without and no day with two', async () => {
    const product = await approvedApplication()
    await signed(product, upper)
    const narrower = decision(['identity.read', 'school.read'], { validFrom: '2026-12-01' })
    const after = await act.done(officer, kit.APPROVE, { ref: { id: product.id }, input: narrower })
    expect(after).toMatchObject({ approvals: [{ supersededFrom: null }, { supersededFrom: '2026-12-01' }] })
    expect(await kit.openTo(database, product.id, 'gradebook.read', '2026-11-30')).toEqual([upper.id])
    expect(await kit.openTo(database, product.id, 'gradebook.read', '2026-12-01')).toEqual([])
    expect(await kit.openTo(database, product.id, 'school.read', '2026-12-01')).toEqual([upper.id])
    expect(await act.refused(officer, kit.APPROVE, { ref: { id: product.id }, input: narrower })).toEqual([
      'DECISION_NUMBER_REQUIRED',
    ])
  })

  test('that is suspended loses every school and gets them back; one that is revoked does not', async () => {
    const product = await approvedApplication()
    await signed(product, upper)
    const ref = { id: product.id }
    const state = async () =>
      (
        await database.sql<{ status: string; grant_version: string }>(
          `select status, grant_version from access.client where application_id = $1`,
          [product.id],
        )
      )[0]!
    const before = await state()
    expect(await act.refused(officer, kit.DECIDE('reinstate'), { ref })).toEqual(['TRANSITION_ILLEGAL'])
    expect(await act.done(officer, kit.DECIDE('suspend'), { ref })).toMatchObject({ status: 'SUSPENDED' })
    const suspended = await state()
    expect(suspended.status).toBe('SUSPENDED')
    expect(Number(suspended.grant_version)).toBeGreaterThan(Number(before.grant_version))
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
    expect(await act.refused(officer, kit.APPROVE, { ref, input: decision(['school.read']) })).toEqual(['TRANSITION_ILLEGAL'])

    await act.done(officer, kit.DECIDE('reinstate'), { ref })
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([upper.id])
    expect(await act.refused(commune, kit.DECIDE('revoke'), { ref })).toEqual(['ACT_FORBIDDEN'])
    await act.done(officer, kit.DECIDE('revoke'), { ref })
    expect((await state()).status).toBe('REVOKED')
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
    for (const done of ['suspend', 'reinstate', 'revoke', 'refuse'] as const)
      expect(await act.refused(officer, kit.DECIDE(done), { ref })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('is decided on with a reason that can be written down', async () => {
    const nul = String.fromCharCode(0)
    expect(await act.refused(officer, kit.DECIDE('suspend'), { ref: { code: 'vnedu' }, reason: `Kiểm${nul}tra` })).toEqual([
      'REASON_REQUIRED',
    ])
    expect(await act.refused(officer, kit.DECIDE('suspend'), { ref: { code: `vnedu${nul}` } })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(officer, kit.REGISTER_VENDOR, { input: { ...VENDOR, contactName: `A${nul}` } })).toEqual([
      'INPUT_INVALID',
    ])
    expect(await act.refused(officer, kit.DECIDE('suspend'), { ref: { code: 'vnedu' }, reason: ' x ' })).toEqual([
      'REASON_REQUIRED',
    ])
  })

  test('is told to every listener when its rights change, and only once they have', async () => {
    const product = await approvedApplication()
    const { Client } = await import('pg')
    const listener = new Client({ connectionString: database.urlOf('gateway') })
    await listener.connect()
    const heard: string[] = []
    listener.on('notification', ({ payload }) => heard.push(payload!))
    await listener.query('listen lt_grants')
    await act.refused(commune, kit.DECIDE('suspend'), { ref: { id: product.id } })
    await act.done(officer, kit.DECIDE('suspend'), { ref: { id: product.id } })
    await listener.query('select 1')
    await listener.end()
    expect(heard).toEqual([product.code])
  })
})

describe('a key', () => {
  const keysOf = async (id: string) =>
    (
      await database.sql<{ jwks: { keys: { x: string; exp?: number }[] } }>(
        `select jwks from access.client where application_id = $1`,
        [id],
      )
    )[0]!.jwks.keys

  test('is followed by a new one while the old goes on for the overlap, and then stops', async () => {
    const product = await approvedApplication()
    const [old] = await keysOf(product.id)
    const key = kit.newPublicKey()
    await act.done(product.viewer, kit.ROTATE, { ref: { id: product.id }, key, overlap: 2 })
    const [fresh, former] = await keysOf(product.id)
    expect(fresh).toMatchObject({ x: (JSON.parse(key) as { x: string }).x })
    expect(fresh).not.toHaveProperty('exp')
    expect(former!.x).toBe(old!.x)
    expect(former!.exp! - Date.now() / 1000).toBeGreaterThan(7_000)
    expect(former!.exp! - Date.now() / 1000).toBeLessThan(7_300)
    await act.done(product.viewer, kit.ROTATE, { ref: { id: product.id }, key: kit.newPublicKey(), overlap: 0 })
    expect(await keysOf(product.id)).toHaveLength(1)
  })

  test('that was used before, is private or is none is refused', async () => {
    const product = await approvedApplication()
    const ref = { id: product.id }
    const key = kit.newPublicKey()
    await act.done(product.viewer, kit.ROTATE, { ref, key })
    expect(await act.refused(product.viewer, kit.ROTATE, { ref, key })).toEqual(['KEY_EXISTS'])
    expect(await act.refused(product.viewer, kit.ROTATE, { ref, key: '{}' })).toEqual(['KEY_INVALID'])
    expect(await act.refused(product.viewer, kit.ROTATE, { ref, key: kit.newPublicKey(), overlap: 169 })).toEqual([
      'INPUT_INVALID',
    ])
  })

  test('that is revoked is gone from the client, and the tokens it may have asked for are over', async () => {
    const product = await approvedApplication()
    const next = await act.done(product.viewer, kit.ROTATE, { ref: { id: product.id }, key: kit.newPublicKey() })
    await act.done(product.viewer, kit.REVOKE_KEY, { id: next.id })
    expect(await keysOf(product.id)).toHaveLength(1)
    const [client] = await database.sql<{ after: string | null }>(
      `select tokens_after as after from access.client where application_id = $1`,
      [product.id],
    )
    expect(client!.after).not.toBeNull()
    expect(await act.refused(product.viewer, kit.REVOKE_KEY, { id: next.id })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('of a rival can be neither replaced, nor revoked, nor read', async () => {
    const product = await approvedApplication()
    const vnedu = await applicationViewer(database, 'vnedu')
    expect(await act.refused(vnedu, kit.ROTATE, { ref: { id: product.id }, key: kit.newPublicKey() })).toEqual([
      'RECORD_NOT_ACCESSIBLE',
    ])
    const [credential] = await database.sql<{ id: string }>(`select id from identity.credential where application_id = $1`, [
      product.id,
    ])
    expect(await act.refused(vnedu, kit.REVOKE_KEY, { id: credential!.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    const READ = `query ($ref: ApplicationRef!) { application(ref: $ref) { credentials { id } } }`
    const read = async (viewer: Viewer) =>
      (await identity.ask<{ application: { credentials: unknown[] } }>(viewer, READ, { ref: { id: product.id } })).data
        .application.credentials
    expect(await read(vnedu)).toEqual([])
    expect(await read(product.viewer)).toEqual([{ id: credential!.id }])
  })

  test('that the client had before it had credentials is adopted, not lost, at the first rotation', async () => {
    const [key, next] = [kit.newPublicKey(), kit.newPublicKey()]
    await database.sql(
      `insert into access.client (client_id, application_id, vendor_id, display_name, environment, scopes, status, jwks, updated_at)
       select 'smas', id, vendor_id, name, 'SANDBOX', '{school.read}', 'ACTIVE', $1, now() from identity.application where code = 'smas'`,
      [{ keys: [JSON.parse(key) as unknown] }],
    )
    await act.done(smas, kit.ROTATE, { ref: { code: 'smas' }, key: next })
    const known = await keysOf(smas.applicationId!)
    expect(new Set(known.map(({ x }) => x))).toEqual(new Set([next, key].map((text) => (JSON.parse(text) as { x: string }).x)))
    expect(known.map(({ exp }) => exp !== undefined).sort()).toEqual([false, true])
  })
})

describe('an agreement', () => {
  test('stays within the approval, and is proposed once at a time', async () => {
    const product = await approvedApplication()
    const propose = (terms: object, school: object = { code: upper.code }) =>
      act.refused(product.viewer, kit.PROPOSE, { input: { school, terms: { ...kit.TERMS, ...terms } } })
    expect(await propose({ scopes: ['school.read', 'health.read'] })).toEqual(['SCOPE_NOT_APPROVED'])
    expect(await propose({ levels: ['DH'] })).toEqual(['LEVEL_INVALID'])
    expect(await propose({ schoolYears: ['2026-2028'] })).toEqual(['INPUT_INVALID'])
    expect(await propose({ purpose: '' })).toEqual(['PURPOSE_REQUIRED'])
    expect(await propose({ validTo: '2026-10-01' })).toEqual(['VALIDITY_INVALID'])
    expect(await propose({}, { code: '99999999' })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    expect(await propose({}, { externalId: 'x' })).toEqual(['REFERENCE_INVALID'])
    const first = await proposed(product, upper)
    expect(await propose({})).toEqual(['PROPOSAL_EXISTS'])
    expect(await act.done(product.viewer, kit.WITHDRAW, { id: first.id })).toMatchObject({ state: 'WITHDRAWN' })
    await signed(product, upper)
    expect(await propose({})).toEqual(['AGREEMENT_IN_FORCE'])
  })

  test('is proposed by an application alone, and signed by the principal of that school alone, in person', async () => {
    const product = await approvedApplication()
    const input = { school: { id: upper.id }, terms: kit.TERMS }
    expect(await act.refused(officer, kit.PROPOSE, { input })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(upper.principal, kit.PROPOSE, { input })).toEqual(['ACT_FORBIDDEN'])
    const { id } = await proposed(product, upper)
    expect(await act.refused(lower.principal, kit.SIGN, { id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(product.viewer, kit.SIGN, { id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(officer, kit.SIGN, { id })).toEqual(['ACT_FORBIDDEN'])
    const throughTheProduct = { ...upper.principal, applicationId: product.id, vendorId: product.viewer.vendorId }
    expect(await act.refused(throughTheProduct, kit.SIGN, { id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(upper.principal, kit.SIGN, { id: 'x' })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.done(upper.principal, kit.SIGN, { id })).toMatchObject({ state: 'SIGNED' })
    expect(await act.refused(upper.principal, kit.SIGN, { id })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('is refused by the principal and may be proposed again', async () => {
    const product = await approvedApplication()
    const { id } = await proposed(product, upper)
    expect(await act.refused(lower.principal, kit.REFUSE, { id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.done(upper.principal, kit.REFUSE, { id })).toMatchObject({ state: 'REFUSED', reason: 'Chưa cần' })
    expect(await act.refused(product.viewer, kit.WITHDRAW, { id })).toEqual(['TRANSITION_ILLEGAL'])
    expect((await signed(product, upper)).state).toBe('SIGNED')
  })

  test('is not signed for a level that the school does not have', async () => {
    const product = await approvedApplication()
    const { id } = await proposed(product, upper, { levels: ['MN'] })
    expect(await act.refused(upper.principal, kit.SIGN, { id })).toEqual(['LEVEL_INVALID'])
  })

  test('is not signed when the Sở has narrowed or suspended in between', async () => {
    const product = await approvedApplication()
    const { id } = await proposed(product, upper)
    await act.done(officer, kit.DECIDE('suspend'), { ref: { id: product.id } })
    expect(await act.refused(upper.principal, kit.SIGN, { id })).toEqual(['TRANSITION_ILLEGAL'])
    await act.done(officer, kit.DECIDE('reinstate'), { ref: { id: product.id } })
    await act.done(officer, kit.APPROVE, {
      ref: { id: product.id },
      input: decision(['identity.read', 'school.read'], { validFrom: '2026-11-20' }),
    })
    expect(await act.refused(upper.principal, kit.SIGN, { id })).toEqual(['SCOPE_NOT_APPROVED'])
  })

  test('widens when the principal signs the vendor’s amendment, and its former terms are kept', async () => {
    const product = await approvedApplication([...kit.TERMS.scopes, 'attendance.read'])
    const { id } = await signed(product, upper)
    const wider = { ...kit.TERMS, scopes: [...kit.TERMS.scopes, 'attendance.read'] }
    const amendment = await act.done(product.viewer, kit.AMEND, { id, terms: wider })
    expect(amendment).toMatchObject({ agreementId: id, state: 'PROPOSED', version: 2 })
    expect(await kit.openTo(database, product.id, 'attendance.read')).toEqual([])
    expect(await act.done(upper.principal, kit.SIGN, { id: amendment.id })).toMatchObject({ id, version: 2 })
    expect(await kit.openTo(database, product.id, 'attendance.read')).toEqual([upper.id])
    const READ = `query ($s: ID) { agreements(schoolId: $s, first: 100) { nodes { id version formerVersions { version scopes { name } replacedAt } } } }`
    const { data } = await identity.ask<{ agreements: { nodes: { id: string; formerVersions: object[] }[] } }>(
      upper.principal,
      READ,
      { s: upper.id },
    )
    const former = data.agreements.nodes.find((agreement) => agreement.id === id)!.formerVersions
    expect(former).toMatchObject([{ version: 1, scopes: kit.TERMS.scopes.map((name) => ({ name })) }])
  })

  test('is narrowed by the principal at once, and widened by the principal never', async () => {
    const product = await approvedApplication()
    const { id } = await signed(product, upper)
    const waiting = await act.done(product.viewer, kit.AMEND, { id, terms: { ...kit.TERMS, validTo: '2027-12-31' } })
    expect(await act.refused(upper.principal, kit.AMEND, { id, terms: { ...kit.TERMS, validTo: '2027-12-31' } })).toEqual([
      'AMENDMENT_WIDENS',
    ])
    expect(await act.refused(lower.principal, kit.AMEND, { id, terms: kit.TERMS })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    const narrower = { ...kit.TERMS, scopes: ['identity.read', 'school.read'] }
    expect(await act.done(upper.principal, kit.AMEND, { id, terms: narrower })).toMatchObject({ state: 'SIGNED', version: 2 })
    expect(await kit.openTo(database, product.id, 'gradebook.read')).toEqual([])
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([upper.id])
    // What the vendor had proposed was an amendment of terms that are gone.
    expect(await act.refused(upper.principal, kit.SIGN, { id: waiting.id })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('is ended by either party, and by nobody else', async () => {
    const [mine, theirs] = [await approvedApplication(), await approvedApplication()]
    const [one, two] = [await signed(mine, upper), await signed(theirs, upper)]
    expect(await act.refused(lower.principal, kit.END, { id: one.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(theirs.viewer, kit.END, { id: one.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(officer, kit.END, { id: one.id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.done(mine.viewer, kit.END, { id: one.id })).toMatchObject({ state: 'ENDED', endReason: 'Hết nhu cầu' })
    expect(await act.done(upper.principal, kit.END, { id: two.id })).toMatchObject({ state: 'ENDED' })
    for (const product of [mine, theirs]) expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
    expect(await act.refused(upper.principal, kit.END, { id: two.id })).toEqual(['TRANSITION_ILLEGAL'])
    expect(await act.refused(mine.viewer, kit.AMEND, { id: one.id, terms: kit.TERMS })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('is stopped by the authority that manages the school today, or by the Sở, and by no other', async () => {
    const [atLower, atUpper, again] = [await approvedApplication(), await approvedApplication(), await approvedApplication()]
    const agreements = {
      lower: await signed(atLower, lower),
      upper: await signed(atUpper, upper),
      again: await signed(again, lower),
    }
    expect(await act.refused(lower.principal, kit.STOP, { id: agreements.lower.id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(atLower.viewer, kit.STOP, { id: agreements.lower.id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(compliance, kit.STOP, { id: agreements.lower.id })).toEqual(['ACT_FORBIDDEN'])
    // An upper secondary school is the Sở’s: the commune does not even see it.
    expect(await act.refused(commune, kit.STOP, { id: agreements.upper.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.done(commune, kit.STOP, { id: agreements.lower.id })).toMatchObject({ state: 'STOPPED' })
    expect(await act.done(officer, kit.STOP, { id: agreements.again.id })).toMatchObject({ state: 'STOPPED' })
    expect(await kit.openTo(database, atLower.id, 'school.read')).toEqual([])
    expect(await act.refused(officer, kit.STOP, { id: agreements.again.id })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('that two sign at once is signed once', async () => {
    const product = await approvedApplication()
    const { id } = await proposed(product, upper)
    const answers = await Promise.all(Array.from({ length: 5 }, () => act.refused(upper.principal, kit.SIGN, { id })))
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1)
    expect(new Set(answers.flat())).toEqual(new Set(['TRANSITION_ILLEGAL']))
  })

  test('that is signed while the Sở suspends opens nothing, whichever comes first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const product = await approvedApplication()
      const { id } = await proposed(product, lower)
      await Promise.all([
        act.refused(lower.principal, kit.SIGN, { id }),
        act.done(officer, kit.DECIDE('suspend'), { ref: { id: product.id } }),
      ])
      expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
    }
  })

  test('that is stopped while the Sở decides anew is closed, whichever comes first', async () => {
    const product = await approvedApplication()
    const { id } = await signed(product, lower)
    const deciding = new Client({ connectionString: database.adminUrl })
    await deciding.connect()
    try {
      // A decision that has published the grants and has not committed yet.
      await deciding.query('begin')
      await deciding.query('select from identity.application where id = $1 for update', [product.id])
      await deciding.query('select identity.publish_application($1, now())', [product.id])
      const stopped = act.done(commune, kit.STOP, { id })
      await vi.waitUntil(async () => {
        const [row] = await database.sql<{ waiting: number }>(
          `select count(*)::int as waiting from pg_locks l join pg_stat_activity a on a.pid = l.pid where not l.granted and a.datname = $1`,
          [database.name],
        )
        return row!.waiting > 0
      })
      await deciding.query('commit')
      expect(await stopped).toMatchObject({ state: 'STOPPED' })
    } finally {
      await deciding.end()
    }
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
  })

  test('that ends while an amendment of it is signed is ended, and neither waits for the other in a ring', async () => {
    for (let round = 0; round < 6; round += 1) {
      const product = await approvedApplication()
      const { id } = await signed(product, lower)
      const amendment = await act.done(product.viewer, kit.AMEND, { id, terms: { ...kit.TERMS, validTo: '2027-12-31' } })
      const [amended, ended] = await Promise.all([
        act.refused(lower.principal, kit.SIGN, { id: amendment.id }),
        act.refused(product.viewer, kit.END, { id }),
      ])
      expect([[], ['TRANSITION_ILLEGAL']]).toContainEqual(amended)
      expect(ended).toEqual([])
      expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
    }
  })

  test('shows what it would change before it is saved', async () => {
    const product = await approvedApplication([...kit.TERMS.scopes, 'health.read'])
    const DIFFERENCE = `query ($change: AgreementChangeInput!) { agreementDifference(change: $change) {
      on fieldsGained fieldsLost scopesGained { name } scopesLost { name } scopesWithoutEffect { name } dataGained dataLost
      schoolsGained { id } schoolsLost { id } pupilsGained pupilsLost } }`
    const of = async (viewer: Viewer, change: object) =>
      (await identity.ask<{ agreementDifference: object }>(viewer, DIFFERENCE, { change })).data.agreementDifference
    const [{ pupils }] = (await database.sql<{ pupils: number }>(
      `select count(*)::int as pupils from schools.student where school_id = $1 and status = 'STUDYING'`,
      [upper.id],
    )) as [{ pupils: number }]

    const planned = {
      proposal: { school: { code: upper.code }, terms: { ...kit.TERMS, scopes: [...kit.TERMS.scopes, 'message.send'] } },
    }
    expect(await of(product.viewer, planned)).toMatchObject({
      scopesGained: kit.TERMS.scopes.map((name) => ({ name })),
      scopesWithoutEffect: [{ name: 'message.send' }],
      schoolsGained: [{ id: upper.id }],
      // The school is closed to the vendor: how many pupils it has is not for it to know.
      pupilsGained: null,
    })
    const { id: proposalId } = await proposed(product, upper)
    expect(await of(upper.principal, { proposalId })).toMatchObject({
      schoolsGained: [{ id: upper.id }],
      pupilsGained: pupils,
      pupilsLost: 0,
    })
    const { id } = await act.done(upper.principal, kit.SIGN, { id: proposalId })
    expect(await of(upper.principal, { agreementId: id, end: true })).toMatchObject({
      scopesGained: [],
      scopesLost: kit.TERMS.scopes.map((name) => ({ name })).sort((a, b) => a.name.localeCompare(b.name)),
      schoolsLost: [{ id: upper.id }],
      pupilsLost: pupils,
    })
    expect(
      await of(upper.principal, {
        agreementId: id,
        terms: { ...kit.TERMS, scopes: ['identity.read', 'school.read', 'student.basic.read'] },
      }),
    ).toMatchObject({
      scopesLost: [{ name: 'gradebook.read' }],
      dataLost: ['marks'],
      fieldsGained: [],
      fieldsLost: expect.arrayContaining(['Student.scores', 'Score.value']),
      schoolsLost: [],
      pupilsLost: 0,
    })
    // And it told the truth.
    await act.done(upper.principal, kit.END, { id })
    expect(await kit.openTo(database, product.id, 'school.read')).toEqual([])
    const refused = async (viewer: Viewer, change: object) => act.refused(viewer, DIFFERENCE, { change })
    expect(await refused(lower.principal, { proposalId })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await refused(upper.principal, {})).toEqual(['REFERENCE_INVALID'])
    expect(await refused(upper.principal, { agreementId: id })).toEqual(['REFERENCE_INVALID'])
    expect(await refused(upper.principal, planned)).toEqual(['ACT_FORBIDDEN'])
  })
})

describe('the walls of the database', () => {
  test('an application writes no agreement, no decision on its proposal and no event of a rival, as the subgraph’s own role', async () => {
    const [product, rival] = [await approvedApplication(), await approvedApplication()]
    const agreement = await signed(product, upper)
    const proposal = await act.done(product.viewer, kit.AMEND, {
      id: agreement.id,
      terms: { ...kit.TERMS, validTo: '2027-12-31' },
    })
    const { Client } = await import('pg')
    const client = new Client({ connectionString: database.urlOf('identity') })
    await client.connect()
    const attempt = async (sql: string, values: unknown[]): Promise<string> => {
      await client.query('begin')
      await client.query(`select access.open_viewer($1, null, 'school.read', null, '2026-11-20')`, [product.id])
      const outcome = await client.query(sql, values).then(
        ({ rowCount }) => String(rowCount),
        (error: { code: string }) => error.code,
      )
      await client.query('rollback')
      return outcome
    }
    const INSUFFICIENT_PRIVILEGE = '42501'
    const insert = `insert into identity.agreement (school_id, id, application_id, purpose, scopes, signed_by_staff_id, signed_at, valid_from, valid_to, updated_at)
      values ($1, gen_random_uuid(), $2, 'x', '{health.read}', gen_random_uuid(), now(), '2026-11-01', '2027-11-01', now())`
    expect(await attempt(insert, [upper.id, product.id])).toBe(INSUFFICIENT_PRIVILEGE)
    expect(await attempt(insert, [upper.id, rival.id])).toBe(INSUFFICIENT_PRIVILEGE)
    expect(await attempt(`update identity.agreement set scopes = '{health.read}' where id = $1`, [agreement.id])).toBe(
      INSUFFICIENT_PRIVILEGE,
    )
    expect(await attempt(`update identity.agreement_proposal set state = 'SIGNED' where id = $1`, [proposal.id])).toBe(
      INSUFFICIENT_PRIVILEGE,
    )
    expect(await attempt(`update identity.agreement_proposal set state = 'WITHDRAWN' where id = $1`, [proposal.id])).toBe('1')
    expect(await attempt(`update identity.school_event set reason = 'x'`, [])).toBe(INSUFFICIENT_PRIVILEGE)
    expect(await attempt(`delete from identity.registry_event`, [])).toBe(INSUFFICIENT_PRIVILEGE)
    await client.end()
  })
})

describe('every change', () => {
  const EVENTS = `query ($filter: RegistryEventFilter, $first: Int = 200, $after: String) { registryEvents(first: $first, after: $after, filter: $filter) {
    nodes { id subject act fromState toState reason decisionNumber partyName application { code } school { id } version } pageInfo { endCursor hasNextPage } } }`
  type Event = {
    id: string
    act: string
    subject: string
    partyName: string
    application: { code: string } | null
    school: { id: string } | null
  }
  type Page = { registryEvents: { nodes: Event[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
  const seenBy = async (viewer: Viewer, filter: object = {}) =>
    (await identity.ask<Page>(viewer, EVENTS, { filter })).data.registryEvents.nodes

  test('is an event that says who, from what, to what and why, and a record in the access log', async () => {
    const product = await approvedApplication()
    const { id } = await signed(product, upper)
    await act.done(officer, kit.DECIDE('suspend'), { ref: { id: product.id } })
    const events = await seenBy(officer, { applicationId: product.id })
    expect(events.map(({ subject, act: done }) => `${subject} ${done}`)).toEqual([
      'APPLICATION SUSPEND',
      'AGREEMENT SIGN',
      'AGREEMENT PROPOSE',
      'APPLICATION APPROVE',
      'APPLICATION REQUEST',
      'CREDENTIAL ROTATE',
      'APPLICATION REGISTER',
    ])
    expect(events[0]).toMatchObject({
      fromState: 'ACTIVE',
      toState: 'SUSPENDED',
      reason: 'Theo biên bản kiểm tra',
      partyName: officer.displayName,
    })
    expect(events[1]).toMatchObject({
      toState: 'SIGNED',
      school: { id: upper.id },
      partyName: upper.principal.displayName,
      version: 1,
    })
    expect(events[3]).toMatchObject({ decisionNumber: expect.stringMatching(/QĐ-SGDĐT$/) as unknown })
    expect(await seenBy(upper.principal, { agreementId: id })).toHaveLength(2)
    const [log] = await database.sql<{ kind: string; fields: string[] }>(
      `select kind, fields from access.audit_event where account_id = $1 order by at desc, id desc limit 1`,
      [officer.accountId],
    )
    expect(log).toEqual({ kind: 'WRITE', fields: ['Application.status'] })
  })

  test('is seen by its vendor and not by a rival, by its school and not by another', async () => {
    const vnedu = await applicationViewer(database, 'vnedu')
    const product = await approvedApplication()
    await signed(product, upper)
    expect((await seenBy(product.viewer)).every(({ application }) => application?.code !== 'vnedu')).toBe(true)
    expect(await seenBy(vnedu, { applicationId: product.id })).toEqual([])
    expect((await seenBy(lower.principal)).filter(({ school }) => school?.id === upper.id)).toEqual([])
    expect((await seenBy(compliance, { applicationId: product.id })).map(({ act: done }) => done)).toContain('SIGN')
  })

  test('comes page by page without a gap', async () => {
    const all = await seenBy(officer)
    const seen: string[] = []
    let after: string | null = null
    do {
      const { registryEvents }: Page = (await identity.ask<Page>(officer, EVENTS, { first: 7, after })).data
      seen.push(...registryEvents.nodes.map(({ id }) => id))
      after = registryEvents.pageInfo.hasNextPage ? registryEvents.pageInfo.endCursor : null
    } while (after)
    expect(seen.slice(0, all.length)).toEqual(all.map(({ id }) => id))
  })

  test('that is retried with its key has one effect', async () => {
    const product = await approvedApplication()
    const keyed = { ...officer, idempotencyKey: 'retry-suspension' }
    const first = await act.done(keyed, kit.DECIDE('suspend'), { ref: { id: product.id } })
    expect(await act.done(keyed, kit.DECIDE('suspend'), { ref: { id: product.id } })).toEqual(first)
    expect(await act.refused(keyed, kit.DECIDE('suspend'), { ref: { id: product.id }, reason: 'Lý do khác' })).toEqual([
      'IDEMPOTENCY_MISMATCH',
    ])
    expect((await seenBy(officer, { applicationId: product.id })).filter(({ act: done }) => done === 'SUSPEND')).toHaveLength(1)
  })

  test('that is refused leaves no event, no grant and no record behind', async () => {
    const counts = () =>
      database.sql(
        `select (select count(*) from identity.registry_event) as registry, (select count(*) from identity.school_event) as school,
          (select count(*) from access.audit_event) as log, (select sum(grant_version) from access.client) as versions`,
      )
    const before = await counts()
    await act.refused(commune, kit.DECIDE('suspend'), { ref: { code: 'vnedu' } })
    await act.refused(officer, kit.APPROVE, { ref: { code: 'vnedu' }, input: decision(['student.sensitive.read']) })
    expect(await counts()).toEqual(before)
  })
})

describe('the accounts of a school', () => {
  const ACCESS = `query ($reps: [_Any!]!) { _entities(representations: $reps) { ... on School {
    accounts { id role lastUsedAt endedOn } applicationAccess { agreementId application { code } lastUsedAt scopes { name } } } } }`
  type Access = {
    accounts: { id: string; role: string; lastUsedAt: string | null; endedOn: string | null }[]
    applicationAccess: { agreementId: string; application: { code: string }; lastUsedAt: string | null }[]
  }
  const accessOf = async (viewer: Viewer, id: string): Promise<Access> =>
    (await identity.ask<{ _entities: [Access] }>(viewer, ACCESS, { reps: [{ __typename: 'School', id }] })).data._entities[0]

  test('are listed for the principal with their last use, beside the applications, and for nobody of another school', async () => {
    const { accounts, applicationAccess } = await accessOf(lower.principal, lower.id)
    const [{ count }] = (await database.sql<{ count: number }>(
      `select count(*)::int as count from access.membership where school_id = $1`,
      [lower.id],
    )) as [{ count: number }]
    expect(accounts).toHaveLength(count)
    expect(accounts.find(({ role }) => role === 'PRINCIPAL')!.lastUsedAt).not.toBeNull()
    expect(accounts.find(({ role }) => role === 'TEACHER')!.lastUsedAt).toBeNull()
    expect(applicationAccess.length).toBeGreaterThan(0)
    expect(await accessOf(upper.principal, lower.id)).toEqual({ accounts: [], applicationAccess: [] })
    expect(await accessOf(smas, lower.id)).toEqual({ accounts: [], applicationAccess: [] })
    expect((await accessOf(officer, lower.id)).accounts).toHaveLength(count)
  })

  test('tell when an application last touched the school', async () => {
    const [{ agreementId, application }] = (await accessOf(upper.principal, upper.id)).applicationAccess as [
      Access['applicationAccess'][number],
    ]
    const { id } = (
      await database.sql<{ id: string }>(`select id from identity.application where code = $1`, [application.code])
    )[0]!
    await database.sql(
      `insert into access.audit_event values (gen_random_uuid(), '2026-11-19T10:00:00+07', 'OPERATION', 'r', 'c', $1, null, null, 'x', null, 'h', 'query', '{}', $2, 0, '{}', 'ALLOWED', '{}')`,
      [id, [upper.id]],
    )
    const after = (await accessOf(upper.principal, upper.id)).applicationAccess.find((each) => each.agreementId === agreementId)!
    expect(after.lastUsedAt).toBe('2026-11-19T10:00:00+07:00')
  })

  test('are removed by the principal: the person has no school and no account the same moment', async () => {
    const { accounts } = await accessOf(lower.principal, lower.id)
    const teacher = accounts.find(({ role }) => role === 'TEACHER')!
    const open = async () =>
      (
        await database.sql<{ schools: string[] }>(
          `select access.permitted_schools(null, $1, 'school.read', null, '2026-11-20') as schools`,
          [teacher.id],
        )
      )[0]!.schools
    expect(await open()).toEqual([lower.id])
    expect(await act.refused(upper.principal, kit.REMOVE, { id: teacher.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(officer, kit.REMOVE, { id: teacher.id })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(lower.principal, kit.REMOVE, { id: lower.principal.accountId })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.done(lower.principal, kit.REMOVE, { id: teacher.id })).toMatchObject({
      id: teacher.id,
      endedOn: '2026-11-19',
    })
    expect(await open()).toEqual([])
    expect(await database.sql(`select status from access.person where account_id = $1`, [teacher.id])).toEqual([
      { status: 'REVOKED' },
    ])
    expect(await act.refused(lower.principal, kit.REMOVE, { id: teacher.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    const after = await accessOf(lower.principal, lower.id)
    expect(after.accounts.at(-1)).toMatchObject({ id: teacher.id, endedOn: '2026-11-19' })
  })

  test('of a teacher at two schools stay at the other', async () => {
    const { accounts } = await accessOf(lower.principal, lower.id)
    const teacher = accounts.find(({ role, endedOn }) => role === 'TEACHER' && endedOn === null)!
    await database.sql(
      `insert into access.membership (account_id, school_id, staff_id, role, valid_from) values ($1, $2, gen_random_uuid(), 'TEACHER', '2026-09-01')`,
      [teacher.id, upper.id],
    )
    await act.done(lower.principal, kit.REMOVE, { id: teacher.id })
    const [row] = await database.sql<{ schools: string[] }>(
      `select access.permitted_schools(null, $1, 'school.read', null, '2026-11-20') as schools`,
      [teacher.id],
    )
    expect(row!.schools).toEqual([upper.id])
    expect(await database.sql(`select status from access.person where account_id = $1`, [teacher.id])).toEqual([
      { status: 'ACTIVE' },
    ])
  })

  test('are not removed by a principal who teaches there: the office counts that is held at that school', async () => {
    const { accounts } = await accessOf(lower.principal, lower.id)
    const teacher = accounts.find(({ role, endedOn }) => role === 'TEACHER' && endedOn === null)!
    await database.sql(
      `insert into access.membership (account_id, school_id, staff_id, role, valid_from) values ($1, $2, gen_random_uuid(), 'TEACHER', '2026-09-01')`,
      [upper.principal.accountId, lower.id],
    )
    expect(await act.refused(upper.principal, kit.REMOVE, { id: teacher.id })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    await database.sql(`delete from access.membership where account_id = $1 and school_id = $2`, [
      upper.principal.accountId,
      lower.id,
    ])
  })

  test('are named in capitals as in small letters, also the own, which is not removed', async () => {
    const { accounts } = await accessOf(lower.principal, lower.id)
    const teacher = accounts.find(({ role, endedOn }) => role === 'TEACHER' && endedOn === null)!
    const own = lower.principal.accountId!.toUpperCase()
    expect(await act.refused(lower.principal, kit.REMOVE, { id: own })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.done(lower.principal, kit.REMOVE, { id: teacher.id.toUpperCase() })).toMatchObject({ id: teacher.id })
  })

  test('that are removed do not come back with an office that was still to come', async () => {
    const { accounts } = await accessOf(lower.principal, lower.id)
    const teacher = accounts.find(({ role, endedOn }) => role === 'TEACHER' && endedOn === null)!
    await database.sql(
      `insert into access.membership (account_id, school_id, staff_id, role, valid_from) values ($1, $2, gen_random_uuid(), 'DEPUTY', '2027-02-01')`,
      [teacher.id, lower.id],
    )
    await act.done(lower.principal, kit.REMOVE, { id: teacher.id })
    const [row] = await database.sql<{ schools: string[] }>(
      `select access.permitted_schools(null, $1, 'school.read', null, '2027-02-02') as schools`,
      [teacher.id],
    )
    expect(row!.schools).toEqual([])
    expect(await database.sql(`select status from access.person where account_id = $1`, [teacher.id])).toEqual([
      { status: 'REVOKED' },
    ])
  })
})
