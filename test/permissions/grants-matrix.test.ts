// Every way an approval and an agreement can stand, at every day and scope, against a tiny evaluator that knows the facts alone.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import * as kit from '../identity/rights-kit.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

const DAYS = ['2026-10-31', '2026-11-20', '2026-12-01', '2027-03-01', '2027-09-01', '2029-01-01']
const SCOPES = ['school.read', 'gradebook.read', 'attendance.read', 'health.read']

interface Stretch {
  readonly scopes: readonly string[]
  readonly from: string
  readonly to: string
}

/** What was decided and agreed, in the words of the papers. */
interface Facts {
  readonly approvals: readonly Stretch[]
  readonly usable: boolean
  readonly agreement: Stretch | null
}

const holds = ({ scopes, from, to }: Stretch, scope: string, day: string): boolean =>
  scopes.includes(scope) && from <= day && day <= to

/** The whole law: usable, approved on the day, agreed on the day. */
const mayRead = ({ approvals, usable, agreement }: Facts, scope: string, day: string): boolean =>
  usable && agreement !== null && holds(agreement, scope, day) && approvals.some((approval) => holds(approval, scope, day))

const WIDE: Stretch = {
  scopes: ['identity.read', 'school.read', 'gradebook.read', 'attendance.read'],
  from: '2026-11-01',
  to: '2028-12-31',
}
const NARROW: Stretch = { scopes: ['identity.read', 'school.read'], from: '2026-12-01', to: '2029-06-30' }
const SHORT: Stretch = { scopes: WIDE.scopes, from: '2026-11-10', to: '2027-02-28' }
const TO_COME: Stretch = { scopes: WIDE.scopes, from: '2027-01-01', to: '2028-12-31' }
const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)

const APPROVALS = {
  wide: { decided: [WIDE], usable: true },
  short: { decided: [SHORT], usable: true },
  'to come': { decided: [TO_COME], usable: true },
  'narrowed from December': { decided: [WIDE, NARROW], usable: true },
  suspended: { decided: [WIDE], usable: false, afterwards: ['suspend'] },
  'suspended and reinstated': { decided: [WIDE], usable: true, afterwards: ['suspend', 'reinstate'] },
  revoked: { decided: [WIDE], usable: false, afterwards: ['revoke'] },
} as const satisfies Record<
  string,
  { decided: readonly Stretch[]; usable: boolean; afterwards?: readonly ('suspend' | 'reinstate' | 'revoke')[] }
>

const AGREED: Stretch = { scopes: ['identity.read', 'school.read', 'gradebook.read'], from: '2026-11-15', to: '2027-08-31' }
const LATER: Stretch = { ...AGREED, from: '2027-01-01' }
const NARROWED: Stretch = { ...AGREED, scopes: ['identity.read', 'school.read'], to: '2027-02-28' }

const AGREEMENTS = {
  none: null,
  'only proposed': null,
  refused: null,
  signed: AGREED,
  'signed for later': LATER,
  'narrowed by the school': NARROWED,
  'ended by the school': null,
  'ended by the vendor': null,
  'stopped by the Sở': null,
} as const satisfies Record<string, Stretch | null>

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

const terms = ({ scopes, from, to }: Stretch) => ({ ...kit.TERMS, scopes, validFrom: from, validTo: to })

test('the database opens a school exactly where approval, agreement, day and scope meet', { timeout: 300_000 }, async () => {
  const { done } = kit.actor(identity)
  const officer = await personViewer(database, 'can-bo-so')
  const smas = await applicationViewer(database, 'smas')
  const school = await kit.schoolOfPrincipal(database, 'hieu-truong@thpt-hac-thanh')
  let serial = 0

  const approve = (id: string, { scopes, from, to }: Stretch) =>
    done(officer, kit.APPROVE, {
      ref: { id },
      input: { decisionNumber: `${(serial += 1)}/QĐ`, scopes, validFrom: from, validTo: to },
    })

  const agree = async (viewer: Viewer, how: keyof typeof AGREEMENTS): Promise<void> => {
    if (how === 'none') return
    const text = how === 'signed for later' ? LATER : AGREED
    const proposal = await done(viewer, kit.PROPOSE, { input: { school: { id: school.id }, terms: terms(text) } })
    if (how === 'only proposed') return
    if (how === 'refused') return void (await done(school.principal, kit.REFUSE, { id: proposal.id }))
    const { id } = await done(school.principal, kit.SIGN, { id: proposal.id })
    if (how === 'narrowed by the school') await done(school.principal, kit.AMEND, { id, terms: terms(NARROWED) })
    if (how === 'ended by the school') await done(school.principal, kit.END, { id })
    if (how === 'ended by the vendor') await done(viewer, kit.END, { id })
    if (how === 'stopped by the Sở') await done(officer, kit.STOP, { id })
  }

  const disagreements: unknown[] = []
  let compared = 0
  for (const [approvalName, approval] of Object.entries(APPROVALS))
    for (const how of Object.keys(AGREEMENTS) as (keyof typeof AGREEMENTS)[]) {
      const code = `ma-tran-${(serial += 1)}`
      const { id } = await done(officer, kit.REGISTER_APPLICATION, {
        input: { vendorId: smas.vendorId, code, name: code, kind: 'PORTAL' },
      })
      await done(officer, kit.ROTATE, { ref: { id }, key: kit.newPublicKey() })
      await done(officer, kit.REQUEST_SCOPES, { ref: { id }, scopes: kit.requestOf([...WIDE.scopes, 'health.read']) })
      // Papers come in their order: the first decision, what the school signs under it, then what is decided later.
      await approve(id, approval.decided[0])
      await agree(await applicationViewer(database, code), how)
      for (const later of approval.decided.slice(1)) await approve(id, later)
      for (const act of 'afterwards' in approval ? approval.afterwards : []) await done(officer, kit.DECIDE(act), { ref: { id } })

      const [first, second] = approval.decided as readonly Stretch[]
      const approvals = second ? [{ ...first!, to: dayBefore(second.from) }, second] : [first!]
      const facts: Facts = { approvals, usable: approval.usable, agreement: AGREEMENTS[how] }
      for (const day of DAYS)
        for (const scope of SCOPES) {
          const open = await kit.openTo(database, id, scope, day)
          const expected = mayRead(facts, scope, day) ? [school.id] : []
          compared += 1
          if (JSON.stringify(open) !== JSON.stringify(expected))
            disagreements.push({ approvalName, how, day, scope, open, expected })
        }
      const [client] = await database.sql<{ status: string }>(`select status from access.client where application_id = $1`, [id])
      if ((client!.status === 'ACTIVE') !== approval.usable) disagreements.push({ approvalName, how, client })
    }
  expect(compared).toBe(7 * 9 * DAYS.length * SCOPES.length)
  expect(disagreements).toEqual([])
})
