// One vendor's way through: registered, approved, proposed, signed, at work, ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import * as kit from './rights-kit.ts'

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

test('a vendor comes from its registration to a school that works with it, and the end of the agreement closes the school', async () => {
  const { done } = kit.actor(identity)
  const officer = await personViewer(database, 'can-bo-so')
  const school = await kit.schoolOfPrincipal(database, 'hieu-truong@thpt-hac-thanh')
  const vendor = await done(officer, kit.REGISTER_VENDOR, {
    input: {
      code: 'an-phat',
      legalName: 'Công ty Cổ phần Giáo dục An Phát',
      taxCode: '2801234564',
      contactEmail: 'ket-noi@an-phat.example',
      dataProtectionOfficer: 'Lê Thị Hồng Vân',
      dataProtectionOfficerEmail: 'dpo@an-phat.example',
      certificates: [{ kind: 'SYSTEM_SECURITY_LEVEL_3', number: 'CD3-77', issuedOn: '2026-01-05', validTo: '2028-01-04' }],
    },
  })
  const application = await done(officer, kit.REGISTER_APPLICATION, {
    input: { vendorId: vendor.id, code: 'an-phat-hoc', name: 'An Phát Học', kind: 'SCHOOL_MANAGEMENT' },
  })
  const ref = { id: application.id }
  const key = kit.newPublicKey()
  await done(officer, kit.REQUEST_SCOPES, { ref, scopes: kit.requestOf([...kit.TERMS.scopes, 'health.read']) })
  await done(officer, kit.ROTATE, { ref, key })
  expect(await database.sql(`select 1 from access.client where application_id = $1`, [application.id])).toEqual([])

  const approved = await done(officer, kit.APPROVE, {
    ref,
    input: { decisionNumber: '0701/QĐ-SGDĐT', scopes: kit.TERMS.scopes, validFrom: '2026-11-01', validTo: '2028-10-31' },
  })
  expect(approved.status).toBe('ACTIVE')
  const [client] = await database.sql<{ client_id: string; status: string; scopes: string[] }>(
    `select client_id, status, scopes from access.client where application_id = $1`,
    [application.id],
  )
  expect(client).toEqual({ client_id: 'an-phat-hoc', status: 'ACTIVE', scopes: [...kit.TERMS.scopes].sort() })

  const product = await applicationViewer(database, 'an-phat-hoc')
  const proposal = await done(product, kit.PROPOSE, { input: { school: { code: school.code }, terms: kit.TERMS } })
  expect(await kit.openTo(database, application.id, 'school.read')).toEqual([])
  const agreement = await done(school.principal, kit.SIGN, { id: proposal.id })
  expect(agreement).toMatchObject({ id: proposal.agreementId, state: 'SIGNED', version: 1 })
  expect(await kit.openTo(database, application.id, 'school.read')).toEqual([school.id])

  expect(await done(school.principal, kit.END, { id: agreement.id })).toMatchObject({ state: 'ENDED' })
  expect(await kit.openTo(database, application.id, 'school.read')).toEqual([])
})
