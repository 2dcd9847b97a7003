// Every type × party × approval × agreement × consent, through the public door and past it, against an evaluator that knows the papers alone.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SCOPE_NAMES } from '../../subgraphs/kernel/scopes.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import { applicationViewer } from '../testkit/parties.ts'
import type { Asking } from '../testkit/person.ts'
import { testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { ACTS, actsWithoutRule, callOf } from './matrix/acts.ts'
import { entityProbes, holdsAnything } from './matrix/entities.ts'
import { isOpenInDatabase, verdictOf, verdictOnAct, type Verdict } from './matrix/evaluator.ts'
import type { Party } from './matrix/facts.ts'
import {
  holds,
  isLocal,
  probes,
  rootsWithoutProbe,
  typesWithoutSubject,
  unreached,
  type Probe,
  type Variables,
} from './matrix/probes.ts'
import {
  AGREEMENT_NAMES,
  consentAt,
  openProvince,
  personAt,
  type ApplicationAt,
  type PersonAt,
  type Province,
  type PupilAt,
  type SchoolAt,
} from './matrix/province.ts'

interface Caller {
  readonly application: ApplicationAt | null
  readonly person: PersonAt | null
}

let province: Province
const subgraphs = {} as Record<SubgraphName, TestSubgraph>
beforeAll(async () => {
  province = await openProvince()
  for (const name of SUBGRAPH_NAMES) subgraphs[name] = await testSubgraph(province.database, name)
}, 120_000)
afterAll(async () => {
  await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()))
  await province?.close()
})

const NOT_THERE = ['SCHOOL_NOT_ACCESSIBLE', 'RECORD_NOT_ACCESSIBLE']
const CODES: Readonly<Record<string, Verdict>> = {
  TOKEN_INVALID: 'SHUT',
  TOKEN_REVOKED: 'SHUT',
  APPLICATION_SUSPENDED: 'SHUT',
  SCOPE_MISSING: 'SCOPE',
  ACT_FORBIDDEN: 'ACT',
}
/** How many of the disagreements are told: one cause makes hundreds. */
const TOLD = 40

const SIGNED = AGREEMENT_NAMES.indexOf('signed')

const partyAt = (school: SchoolAt, { application, person }: Caller): Party => ({
  name: `${application?.approval.name ?? 'no application'} · ${person?.name ?? 'no person'}`,
  application: application && { approval: application.approval, agreement: school.agreement },
  person: person && personAt(person, school),
})

/** Everybody who may ask about a school. What no token opens, and what is as if nothing had happened, is asked at one school. */
function callersAt(school: SchoolAt): Caller[] {
  const people = [...province.people, ...school.people]
  return [
    ...[...people, null].map((person) => ({ application: null, person })),
    ...province.applications
      .filter(({ approval }) => approval.isOrdinary || school === province.schools[SIGNED])
      .flatMap((application) => [null, ...school.people].map((person) => ({ application, person }))),
  ]
}

/** As many as keep gateway and database busy, and no more than a busy machine answers in time. */
async function aFewAtOnce(tasks: readonly (() => Promise<void>)[], atOnce = 4): Promise<void> {
  const waiting = [...tasks]
  const work = async (): Promise<void> => {
    for (let task = waiting.pop(); task; task = waiting.pop()) await task()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** Verdicts of the code beside those of the papers; what differs is told with where it differs. */
class Comparison {
  readonly #disagreements: string[] = []
  compared = 0

  note(what: string, party: Party, school: SchoolAt, expected: string, found: string, more = ''): void {
    this.compared += 1
    if (found !== expected)
      this.#disagreements.push(`${what} | ${party.name} | ${school.agreement.name} ${more}: expected ${expected}, found ${found}`)
  }

  get disagreements(): { count: number; first: string[] } {
    return { count: this.#disagreements.length, first: this.#disagreements.slice(0, TOLD) }
  }
}
const AGREED = { count: 0, first: [] }

const askAs = (caller: Caller, query: string, variables: object): Promise<Asking> =>
  province.door.ask(caller.application?.clientId ?? null, caller.person?.accountId ?? null, query, variables)

function verdictIn(probe: Probe, { data, codes }: Asking, variables: Variables): string {
  if (codes.length === 0) return holds(probe, data, variables) ? 'SEEN' : 'ABSENT'
  if (codes.every((code) => NOT_THERE.includes(code))) return 'ABSENT'
  return CODES[codes[0]!] ?? codes.join(' ')
}

test('every root field, act and type of the contract has its place in the matrix', () => {
  expect({
    roots: rootsWithoutProbe().filter((name) => !ACTS[name]),
    acts: actsWithoutRule(),
    types: unreached(),
    subjects: typesWithoutSubject(),
  }).toEqual({
    roots: [],
    acts: [],
    types: [],
    subjects: [],
  })
  expect(Object.keys(ACTS).filter((name) => callOf(name, '').query === '')).toEqual([])
})

/** Consents decide only over what rests on them: of everything else one pupil is asked for. */
const pupilsFor = ({ subjects }: Pick<Probe, 'subjects'>, { pupils }: SchoolAt): readonly PupilAt[] =>
  subjects.some(({ place }) => place === 'family' || place === 'consents') ? pupils : pupils.slice(1, 2)

test('through the door everybody reads exactly what the papers open', { timeout: 1_500_000 }, async () => {
  const comparison = new Comparison()
  const everything = probes()
  const local = everything.filter(isLocal)
  for (const school of province.schools)
    for (const caller of callersAt(school)) {
      const party = partyAt(school, caller)
      const subject = caller.application ?? province.applications[1]!
      const compare = async (probe: Probe, pupil: PupilAt): Promise<void> => {
        const variables: Variables = {
          school: school.id,
          class: school.classId,
          student: pupil.id,
          application: subject.id,
          proposal: province.proposalOf(subject.clientId, school.id) ?? school.id,
          tenant: province.tenant,
        }
        const consent = consentAt(subject, school, pupil)
        const expected = verdictOf(probe.subjects, party, { consent, level: school.level }, school.agreement)
        const found = verdictIn(probe, await askAs(caller, probe.query, variables), variables)
        comparison.note(probe.name, party, school, expected, found, consent)
      }
      const asked = school === province.schools[0] ? everything : local
      await aFewAtOnce(asked.flatMap((probe) => pupilsFor(probe, school).map((pupil) => () => compare(probe, pupil))))
    }
  expect(comparison.disagreements).toEqual(AGREED)
  expect(comparison.compared).toBeGreaterThan(5_000)
})

test(
  'past the door the rows alone hold: a caller that claims every scope reads no more of a school',
  { timeout: 1_500_000 },
  async () => {
    const comparison = new Comparison()
    const all = entityProbes()
    expect(all.length).toBeGreaterThan(30)
    for (const school of province.schools)
      for (const application of province.applications)
        for (const person of [null, ...school.people]) {
          const party = partyAt(school, { application, person })
          const known = await applicationViewer(province.database, 'smas', {
            applicationId: application.id,
            clientId: application.clientId,
          })
          const viewer = { ...known, accountId: person?.accountId ?? null, role: person?.role ?? null, scopes: [...SCOPE_NAMES] }
          for (const probe of all) {
            for (const pupil of pupilsFor(probe, school)) {
              const key = {
                School: { id: school.id },
                ClassRoom: { schoolId: school.id, id: school.classId },
                Student: { schoolId: school.id, id: pupil.id },
              }
              const r = [{ __typename: probe.entity, ...key[probe.entity] }]
              const { data } = await subgraphs[probe.subgraph].ask(viewer, probe.query, { r })
              const consent = consentAt(application, school, pupil)
              const expected = isOpenInDatabase(probe.subjects, party, { consent, level: school.level })
              comparison.note(probe.name, party, school, String(expected), String(holdsAnything(probe, data)), consent)
            }
          }
        }
    expect(comparison.disagreements).toEqual(AGREED)
    expect(comparison.compared).toBeGreaterThan(5_000)
  },
)

test('everybody is let in to exactly the acts that are theirs', { timeout: 1_500_000 }, async () => {
  const comparison = new Comparison()
  for (const school of province.schools)
    for (const caller of callersAt(school)) {
      const party = partyAt(school, caller)
      for (const [name, act] of Object.entries(ACTS)) {
        if (!act.atSchool && school !== province.schools[0]) continue
        const { query, variables } = callOf(name, school.id)
        const { codes } = await askAs(caller, query, variables)
        const found = codes.includes('SCHOOL_NOT_ACCESSIBLE') ? 'ABSENT' : (CODES[codes[0]!] ?? 'LET IN')
        comparison.note(name, party, school, verdictOnAct(act, party), found, codes.join(' '))
      }
    }
  expect(comparison.disagreements).toEqual(AGREED)
  expect(comparison.compared).toBeGreaterThan(2_000)
})
