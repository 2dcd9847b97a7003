// Bound tokens only: required of an application by its vendor or the Sở, lifted by who may, written down with who and why.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { newDeveloper } from './developers.ts'
import * as kit from './rights-kit.ts'

const BIND = `mutation ($ref: ApplicationRef!, $binding: TokenBinding!, $reason: String = "Đề phòng lộ token") {
  setTokenBinding(application: $ref, binding: $binding, reason: $reason) { id tokenBinding version } }`

let database: TestDatabase
let identity: TestSubgraph
let officer: Viewer
let commune: Viewer
let smas: Viewer
let vnedu: Viewer
let act: ReturnType<typeof kit.actor>

beforeAll(async () => {
  database = await freshDatabase()
  identity = await testSubgraph(database, 'identity')
  act = kit.actor(identity)
  officer = await personViewer(database, 'can-bo-so')
  commune = await personViewer(database, 'can-bo-hac-thanh', { scopes: ['identity.read', 'vendor.approve'] })
  const also = (viewer: Viewer): Viewer => ({ ...viewer, scopes: [...new Set([...viewer.scopes, 'identity.read' as const])] })
  smas = also(await applicationViewer(database, 'smas'))
  vnedu = also(await applicationViewer(database, 'vnedu'))
  await inUse(smas, 'so-diem', {})
})
afterAll(async () => {
  await identity?.close()
  await database?.drop()
})

const ref = { code: 'so-diem' }

/** Registered as the vendor of SMAS or the Sở wishes, with a key, and approved. */
async function inUse(viewer: Viewer, code: string, more: object): Promise<string> {
  const { id } = await act.done(viewer, kit.REGISTER_APPLICATION, { input: { code, name: 'Sổ điểm', kind: 'PORTAL', ...more } })
  await act.done(officer, kit.ROTATE, { ref: { id }, key: kit.newPublicKey() })
  await act.done(officer, kit.REQUEST_SCOPES, { ref: { id }, scopes: kit.requestOf(['school.read']) })
  await act.done(officer, kit.APPROVE, {
    ref: { id },
    input: { decisionNumber: `${code}/QĐ`, scopes: ['school.read'], validFrom: '2026-11-01', validTo: '2028-10-31' },
  })
  return id
}

const clientOf = async (code: string) => {
  const [row] = await database.sql<{ dpop_bound: boolean; grant_version: string }>(
    'select dpop_bound, grant_version from access.client where client_id = $1',
    [code],
  )
  return row!
}
const events = async (code: string) =>
  (
    await database.sql<{ told: string }>(
      `select e.act || ' ' || e.from_state || ' ' || e.to_state || ' ' || e.reason || ' ' || e.party_name as told
       from identity.registry_event e join identity.application a on a.id = e.application_id
       where a.code = $1 and e.act in ('REQUIRE_BOUND_TOKENS', 'ALLOW_BEARER_TOKENS') order by e.at, e.id`,
      [code],
    )
  ).map(({ told }) => told)

describe('an application in use', () => {
  test('is required bound tokens by its vendor, every gateway hears of it, and its vendor lets it off again', async () => {
    const before = await clientOf('so-diem')
    expect(await act.done(smas, BIND, { ref, binding: 'REQUIRED' })).toMatchObject({ tokenBinding: 'REQUIRED' })
    const bound = await clientOf('so-diem')
    expect([before.dpop_bound, bound.dpop_bound]).toEqual([false, true])
    expect(Number(bound.grant_version)).toBeGreaterThan(Number(before.grant_version))
    // The same again is not a change, and says what stands.
    const again = await act.send(smas, BIND, { ref, binding: 'REQUIRED' })
    expect(again.errors![0]!.extensions).toMatchObject({ code: 'TRANSITION_ILLEGAL', state: 'REQUIRED' })
    await act.done(smas, BIND, { ref, binding: 'OPTIONAL', reason: 'Máy chủ cũ chưa hỗ trợ' })
    expect((await clientOf('so-diem')).dpop_bound).toBe(false)
    expect(await events('so-diem')).toEqual([
      'REQUIRE_BOUND_TOKENS OPTIONAL REQUIRED Đề phòng lộ token SMAS',
      'ALLOW_BEARER_TOKENS REQUIRED OPTIONAL Máy chủ cũ chưa hỗ trợ SMAS',
    ])
    const audited = await database.sql<{ n: number }>(
      `select count(*)::int as n from access.audit_event where kind = 'WRITE' and fields = '{Application.tokenBinding}'`,
    )
    expect(audited[0]!.n).toBe(2)
  })

  test('ordered so by the Sở is let off by the Sở alone, also when its vendor had asked for it before', async () => {
    await act.done(smas, BIND, { ref, binding: 'REQUIRED' })
    await act.done(officer, BIND, { ref, binding: 'REQUIRED', reason: 'Theo kết luận kiểm tra' })
    expect(await act.refused(smas, BIND, { ref, binding: 'OPTIONAL' })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(smas, BIND, { ref, binding: 'REQUIRED' })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused(officer, BIND, { ref, binding: 'REQUIRED' })).toEqual(['TRANSITION_ILLEGAL'])
    expect((await clientOf('so-diem')).dpop_bound).toBe(true)
    await act.done(officer, BIND, { ref, binding: 'OPTIONAL', reason: 'Đã khắc phục' })
    expect((await clientOf('so-diem')).dpop_bound).toBe(false)
  })

  test('is closed to a rival, a commune, a school and compliance, and nothing is written', async () => {
    const before = [await clientOf('so-diem'), await events('so-diem')]
    const principal = await personViewer(database, 'hieu-truong@thpt-hac-thanh', { scopes: ['identity.read'] })
    const compliance = await personViewer(database, 'tuan-thu')
    expect(await act.refused(vnedu, BIND, { ref, binding: 'REQUIRED' })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    expect(await act.refused(vnedu, BIND, { ref: { code: 'khong-co' }, binding: 'REQUIRED' })).toEqual(['RECORD_NOT_ACCESSIBLE'])
    for (const viewer of [commune, principal, compliance])
      expect(await act.refused(viewer, BIND, { ref, binding: 'REQUIRED' })).toEqual(['ACT_FORBIDDEN'])
    expect(await act.refused({ ...smas, scopes: ['school.read'] }, BIND, { ref, binding: 'REQUIRED' })).toEqual(['SCOPE_MISSING'])
    expect(await act.refused(smas, BIND, { ref, binding: 'REQUIRED', reason: ' ' })).toEqual(['REASON_REQUIRED'])
    expect(await act.refused(smas, BIND, { ref: {}, binding: 'REQUIRED' })).toEqual(['REFERENCE_INVALID'])
    expect([await clientOf('so-diem'), await events('so-diem')]).toEqual(before)
  })

  test('keeps its binding through every other change of its rights', async () => {
    await act.done(smas, BIND, { ref, binding: 'REQUIRED' })
    await act.done(officer, kit.DECIDE('suspend'), { ref })
    await act.done(officer, kit.DECIDE('reinstate'), { ref })
    expect((await clientOf('so-diem')).dpop_bound).toBe(true)
    await act.done(smas, BIND, { ref, binding: 'OPTIONAL' })
  })
})

describe('an application that is registered', () => {
  test.each([
    ['its vendor', () => smas, 'gan-khoa-1', false],
    ['the Sở', () => officer, 'gan-khoa-2', true],
  ])('by %s has a client for bound tokens alone from its first day', async (_who, viewer, code, ordered) => {
    const id = await inUse(viewer(), code, { tokenBinding: 'REQUIRED', vendorId: smas.vendorId })
    expect((await clientOf(code)).dpop_bound).toBe(true)
    expect(await act.refused(smas, BIND, { ref: { id }, binding: 'OPTIONAL' })).toEqual(ordered ? ['ACT_FORBIDDEN'] : [])
  })

  test('and revoked, is changed no more', async () => {
    const id = await inUse(smas, 'gan-khoa-3', {})
    await act.done(officer, kit.DECIDE('revoke'), { ref: { id } })
    for (const viewer of [smas, officer])
      expect(await act.refused(viewer, BIND, { ref: { id }, binding: 'REQUIRED' })).toEqual(['TRANSITION_ILLEGAL'])
  })

  test('a developer tries it on the own sandbox, and on nobody else’s', async () => {
    const developer = await (await newDeveloper(database)).viewer()
    const made = await act.done(
      developer,
      `mutation { createSandbox(input: {}) { clientId tenant { application { id code } } } }`,
    )
    const { application } = (made as unknown as { tenant: { application: { id: string; code: string } } }).tenant
    await act.done(developer, BIND, { ref: { id: application.id }, binding: 'REQUIRED' })
    expect((await clientOf(application.code)).dpop_bound).toBe(true)
    const other = await (await newDeveloper(database)).viewer()
    expect(await act.refused(other, BIND, { ref: { id: application.id }, binding: 'OPTIONAL' })).toEqual([
      'RECORD_NOT_ACCESSIBLE',
    ])
    expect(await act.refused(developer, BIND, { ref, binding: 'REQUIRED' })).toEqual(['RECORD_NOT_ACCESSIBLE'])
  })

  test('and read back, says how it is bound', async () => {
    const read = async (code: string) =>
      (
        await identity.ask<{ application: { tokenBinding: string } }>(
          smas,
          `query ($code: String!) { application(ref: { code: $code }) { tokenBinding } }`,
          { code },
        )
      ).data.application.tokenBinding
    expect([await read('gan-khoa-2'), await read('gan-khoa-3'), await read('smas')]).toEqual(['REQUIRED', 'OPTIONAL', 'OPTIONAL'])
  })
})
