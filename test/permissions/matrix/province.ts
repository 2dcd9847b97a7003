// A province in which every paper stands in every state: an application for each state of an approval, a school for each state of an
// agreement, a pupil for each state of a consent, and people of every role. Papers are made through the public API.
import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT, type JWK } from 'jose'
import { readIdentitySecrets } from '../../../platform/secrets.ts'
import { SCOPE_NAMES } from '../../../subgraphs/kernel/scopes.ts'
import * as kit from '../../identity/rights-kit.ts'
import { RECORD_CONSENTS, WITHDRAW_CONSENTS } from '../../identity/families.ts'
import { secretsDir, type TestDatabase } from '../../testkit/database.ts'
import { graphql, type Asking } from '../../testkit/person.ts'
import { startTestPlatform, type TestPlatform } from '../../testkit/platform.ts'
import type { Agreement, Approval, ConsentState, Person, Role, Terms } from './facts.ts'

const PORTAL = 'lien-thong-portal'
const READING = SCOPE_NAMES.filter((scope) => !['vendor.approve', 'access.review', 'audit.read'].includes(scope))
const WITHOUT_PUPILS = ['identity.read', 'school.read', 'staff.read']
const TODAY = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
const inDays = (days: number): string => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10)
const [LAST_MONTH, NEXT_YEAR, IN_TWO_YEARS] = [inDays(-30), inDays(365), inDays(730)]

/** An application, its token, and what the Sở decided about it. */
export interface ApplicationAt {
  readonly id: string
  readonly clientId: string
  readonly approval: Approval
}

export interface PersonAt {
  readonly name: string
  readonly accountId: string
  readonly role: Role
  readonly scopes: readonly string[]
  /** Schools of the office. */
  readonly schools: ReadonlySet<string>
  readonly ofClass: boolean
}

export interface PupilAt {
  readonly id: string
  readonly consent: ConsentState
}

export interface SchoolAt {
  readonly id: string
  readonly classId: string
  readonly level: string
  readonly agreement: AgreementState
  readonly pupils: readonly PupilAt[]
  readonly people: readonly PersonAt[]
}

type Act = (door: Door, application: string, school: string) => Promise<void>

export interface AgreementState extends Agreement {
  readonly bring: Act
}

/** Asks through the public door as whoever the token names. */
export class Door {
  readonly platform: TestPlatform
  readonly #key: Awaited<ReturnType<typeof importJWK>>
  readonly #kid: string
  readonly #tokens = new Map<string, Promise<string>>()

  constructor(platform: TestPlatform, jwk: JWK & { kid: string }, key: Awaited<ReturnType<typeof importJWK>>) {
    this.platform = platform
    this.#key = key
    this.#kid = jwk.kid
  }

  /** Tokens say every scope there is: what counts is what stands in the database at the moment of the request. */
  token(clientId: string | null, accountId: string | null): Promise<string> {
    const key = `${clientId} ${accountId}`
    const known = this.#tokens.get(key)
    if (known) return known
    const { issuer, audience } = this.platform.sandbox
    const acts = clientId !== null && accountId !== null ? { act: { sub: clientId } } : {}
    const made = new SignJWT({
      client_id: clientId ?? PORTAL,
      sub: accountId ?? clientId!,
      scope: SCOPE_NAMES.join(' '),
      jti: randomUUID(),
      ...acts,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.#kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(this.#key)
    this.#tokens.set(key, made)
    return made
  }

  async ask(clientId: string | null, accountId: string | null, query: string, variables: object = {}): Promise<Asking> {
    const token = clientId === null && accountId === null ? 'nobody' : await this.token(clientId, accountId)
    return graphql(this.platform, token, query, variables as Record<string, unknown>)
  }

  async act(
    clientId: string | null,
    accountId: string | null,
    query: string,
    variables: object,
  ): Promise<{ id: string; agreementId?: string }> {
    const { data, codes } = await this.ask(clientId, accountId, query, variables)
    if (codes.length > 0) throw new Error(`refused: ${codes.join(' ')} ${JSON.stringify(variables)}`)
    return Object.values(data!)[0] as { id: string }
  }
}

export interface Province {
  readonly door: Door
  readonly database: TestDatabase
  readonly applications: readonly ApplicationAt[]
  readonly schools: readonly SchoolAt[]
  readonly people: readonly PersonAt[]
  /** The sandbox of the developer. */
  readonly tenant: string
  /** The proposal of an application to a school, if there is one. */
  proposalOf(application: string, school: string): string | undefined
  close(): Promise<void>
}

const TERMS = { purpose: 'Quản lý kết quả học tập của nhà trường', levels: [] as string[], schoolYears: [] as string[] }
const WHOLE = { ...TERMS, scopes: READING, validFrom: LAST_MONTH, validTo: NEXT_YEAR }

const principals = new Map<string, string>()
const principalOf = (school: string): string => principals.get(school)!
const proposals = new Map<string, string>()

async function propose(door: Door, application: string, school: string, terms: object = WHOLE): Promise<string> {
  const { id } = await door.act(application, null, kit.PROPOSE, { input: { school: { id: school }, terms } })
  proposals.set(`${application} ${school}`, id)
  return id
}
async function sign(door: Door, application: string, school: string, terms: object = WHOLE): Promise<string> {
  const id = await propose(door, application, school, terms)
  return (await door.act(null, principalOf(school), kit.SIGN, { id })).id
}
const stateOf = (name: string, inForce: Terms | null, bring: Act, more: Partial<AgreementState> = {}): AgreementState => ({
  name,
  proposed: true,
  decided: true,
  signed: true,
  amended: false,
  inForce,
  bring,
  ...more,
})

const OPEN: Terms = { scopes: READING, levels: [] }
let sở = ''

/** One school for each: how its agreement with every application came to stand. */
const AGREEMENTS: readonly AgreementState[] = [
  stateOf('for another level', { scopes: READING, levels: ['TH'] }, async (door, app, school) => {
    await sign(door, app, school, { ...WHOLE, levels: ['TH'] })
  }),
  stateOf('none', null, async () => undefined, { proposed: false, signed: false }),
  stateOf('only proposed', null, async (door, app, school) => void (await propose(door, app, school)), {
    decided: false,
    signed: false,
  }),
  stateOf(
    'refused',
    null,
    async (door, app, school) => {
      const id = await propose(door, app, school)
      await door.act(null, principalOf(school), kit.REFUSE, { id })
    },
    { signed: false },
  ),
  stateOf('signed', OPEN, async (door, app, school) => void (await sign(door, app, school))),
  stateOf('signed for later', null, async (door, app, school) => {
    await sign(door, app, school, { ...WHOLE, validFrom: inDays(30) })
  }),
  stateOf('signed without pupils', { scopes: WITHOUT_PUPILS, levels: [] }, async (door, app, school) => {
    await sign(door, app, school, { ...WHOLE, scopes: WITHOUT_PUPILS })
  }),
  stateOf(
    'narrowed to the school alone',
    { scopes: WITHOUT_PUPILS, levels: [] },
    async (door, app, school) => {
      const id = await sign(door, app, school)
      await consentsAt(door, app, school)
      await door.act(null, principalOf(school), kit.AMEND, { id, terms: { ...WHOLE, scopes: WITHOUT_PUPILS } })
    },
    { amended: true },
  ),
  stateOf('ended by the school', null, async (door, app, school) => {
    const id = await sign(door, app, school)
    await consentsAt(door, app, school)
    await door.act(null, principalOf(school), kit.END, { id })
  }),
  stateOf('stopped by the Sở', null, async (door, app, school) => {
    const id = await sign(door, app, school)
    await consentsAt(door, app, school)
    await door.act(null, sở, kit.STOP, { id })
  }),
]

export const AGREEMENT_NAMES = AGREEMENTS.map(({ name }) => name)

const CONSENTS: readonly ConsentState[] = ['none', 'given', 'withdrawn', 'for another purpose']
interface Family {
  readonly id: string
  readonly guardian: string
  readonly isSixteen: boolean
}
const families = new Map<string, readonly Family[]>()
const consented = new Set<string>()

/** What the families of the four pupils answered the application. */
async function consentsAt(door: Door, application: string, school: string): Promise<void> {
  if (consented.has(`${application} ${school}`)) return
  consented.add(`${application} ${school}`)
  const of = (at: number, purpose = at === 3 ? 'RESEARCH' : 'CONTACT_BOOK') => {
    const { id, guardian, isSixteen } = families.get(school)![at]!
    // Who is sixteen speaks for the own health.
    const own = purpose === 'HEALTH' && isSixteen
    return { student: { id }, purpose, ...(own ? { givenBy: 'STUDENT' } : { givenBy: 'GUARDIAN', guardianId: guardian }) }
  }
  const evidence = { kind: 'SIGNED_FORM', reference: 'Phiếu số 0007/2026', givenAt: `${LAST_MONTH}T02:00:00Z` }
  const consents = [of(1), of(1, 'HEALTH'), of(2), of(3)].map((each) => ({ ...each, evidence }))
  const said = (batch: unknown) => (batch as { results: { status: string }[] }).results.map(({ status }) => status).join(' ')
  const given = said(await door.act(application, null, RECORD_CONSENTS, { input: { school: { id: school }, consents } }))
  const input = { school: { id: school }, withdrawals: [of(2)] }
  const taken = said(await door.act(application, null, WITHDRAW_CONSENTS, { input }))
  if (given !== 'CREATED CREATED CREATED CREATED' || taken !== 'UPDATED') throw new Error(`consents: ${given}; ${taken}`)
}

interface ApprovalState {
  readonly approval: Approval
  /** After every agreement stands; undefined: never approved. */
  readonly bring: ((door: Door, id: string) => Promise<void>) | undefined
}

const decide = (act: 'suspend' | 'reinstate' | 'revoke') => async (door: Door, id: string) =>
  void (await door.act(null, sở, kit.DECIDE(act), { ref: { id } }))
let decisions = 0
const approve = async (door: Door, id: string, scopes: readonly string[], from = LAST_MONTH): Promise<void> => {
  decisions += 1
  const input = { decisionNumber: `${decisions}/QĐ-SGDĐT`, scopes, validFrom: from, validTo: IN_TWO_YEARS }
  await door.act(null, sở, kit.APPROVE, { ref: { id }, input })
}

const APPROVALS: readonly ApprovalState[] = [
  { approval: { name: 'asked for only', usable: false, isOrdinary: false, scopes: [] }, bring: undefined },
  { approval: { name: 'approved', usable: true, isOrdinary: true, scopes: READING }, bring: async () => undefined },
  {
    approval: { name: 'narrowed by a later decision', usable: true, isOrdinary: true, scopes: WITHOUT_PUPILS },
    bring: (door, id) => approve(door, id, WITHOUT_PUPILS, TODAY),
  },
  { approval: { name: 'suspended', usable: false, isOrdinary: false, scopes: [] }, bring: decide('suspend') },
  {
    approval: { name: 'suspended and reinstated', usable: true, isOrdinary: false, scopes: READING },
    bring: async (door, id) => {
      await decide('suspend')(door, id)
      await decide('reinstate')(door, id)
    },
  },
  { approval: { name: 'revoked', usable: false, isOrdinary: false, scopes: [] }, bring: decide('revoke') },
]

async function putPerson(
  database: TestDatabase,
  {
    name,
    role,
    scopes,
    authorityId = null,
    offices = [],
  }: {
    name: string
    role: Role
    scopes: readonly string[]
    authorityId?: string | null
    offices?: readonly { school: string; staff: string }[]
  },
): Promise<string> {
  const id = randomUUID()
  await database.sql(
    `insert into identity.account (id, email, display_name, role, authority_id, scopes, status, updated_at) values ($1, $2, $3, $4, $5, $6, 'ACTIVE', now())`,
    [id, `${id}@ma-tran.example`, name, role, authorityId, scopes],
  )
  await database.sql(`insert into access.person (account_id, authority_id, role, status) values ($1, $2, $3, 'ACTIVE')`, [
    id,
    authorityId,
    role,
  ])
  for (const { school, staff } of offices)
    await database.sql(
      `insert into access.membership (account_id, school_id, staff_id, role, valid_from) values ($1, $2, $3, $4, date '2026-08-01')`,
      [id, school, staff, role],
    )
  return id
}

const CREATE_SANDBOX = `mutation ($input: CreateSandboxInput!) { createSandbox(input: $input) { tenant { id } } }`

interface Room extends Record<string, unknown> {
  school: string
  class: string
  level: string
  principal: string
  teacher: string
  outsider: string
}

/** Ten schools with marks, each with a class, a teacher of it who is not its homeroom teacher, and one who never meets it. */
const ROOMS = `
select s.school_id as school, c.id as class, c.level,
  (select t.staff_id from schools.teaching_assignment t where t.school_id = s.school_id and t.class_id = c.id
     and not exists (select 1 from schools.homeroom_assignment h where h.school_id = t.school_id and h.staff_id = t.staff_id)
   order by t.id limit 1) as teacher,
  (select t.id from schools.staff t where t.school_id = s.school_id and t.status = 1
     and not exists (select 1 from schools.teaching_assignment a where a.school_id = t.school_id and a.staff_id = t.id and a.class_id = c.id)
     and not exists (select 1 from schools.homeroom_assignment h where h.school_id = t.school_id and h.staff_id = t.id and h.class_id = c.id)
     and exists (select 1 from schools.teaching_assignment a where a.school_id = t.school_id and a.staff_id = t.id)
   order by t.id limit 1) as outsider,
  (select t.id from schools.staff t where t.school_id = s.school_id order by t.id limit 1) as principal
from schools.school s
cross join lateral (
  select * from schools.class_room c where c.school_id = s.school_id and c.level in ('THCS', 'THPT')
    and exists (select 1 from gradebook.score m where m.school_id = c.school_id and m.class_id = c.id)
    and exists (select 1 from schools.homeroom_assignment h where h.school_id = c.school_id and h.class_id = c.id)
  order by c.id limit 1) c
order by array_length(s.levels, 1) desc, s.code`

/** What the sandbox leaves empty, so that "nothing to see" never passes for "not allowed to see". */
async function furnish(database: TestDatabase, applications: readonly { id: string }[], room: Room): Promise<void> {
  const { school, teacher } = room
  const pupils = families.get(school)!
  await database.sql(
    `insert into communications.brandname (school_id, id, name, status, valid_from, valid_to, updated_at) values ($1, gen_random_uuid(), 'MA TRAN', 'APPROVED', '2026-01-01', '2028-01-01', now())`,
    [school],
  )
  for (const { id } of applications) {
    await database.sql(
      `with plan as (
         insert into communications.contact_book_plan (school_id, id, application_id, name, fee_per_month, messages_per_month, uses_brandname, valid_from, valid_to, updated_at)
         values ($1, gen_random_uuid(), $2, 'Gói ma trận', 10000, 8, true, '2026-01-01', '2028-01-01', now()) returning id)
       insert into communications.subscription (school_id, id, student_id, plan_id, since, updated_at)
       select $1, gen_random_uuid(), p, plan.id, '2026-09-01', now() from plan, unnest($3::uuid[]) p`,
      [school, id, pupils.map((pupil) => pupil.id)],
    )
    for (const { id: pupil, guardian } of pupils)
      await database.sql(
        `insert into communications.message (school_id, id, student_id, guardian_id, application_id, category, channel, body, sent_at, delivery_state, consented_applications, updated_at)
         select $1, gen_random_uuid(), $2, $3, $4, 'NOTICE', 'OTT', 'Mời phụ huynh dự họp', now(), 'SENT', g.consented_applications, now()
         from schools.guardian g where g.school_id = $1 and g.id = $3`,
        [school, pupil, guardian, id],
      )
  }
  await database.sql(`insert into schools.transfer_claim_count (school_id, application_id, day, asked) values ($1, $2, $3, 1)`, [
    school,
    applications[1]!.id,
    TODAY,
  ])
  await database.sql(
    `insert into schools.campus (school_id, id, code, name, address, commune_code, valid_from, updated_at) values ($1, gen_random_uuid(), 'CS1', 'Cơ sở 1', 'Hạc Thành', '14797', '2020-01-01', now())`,
    [school],
  )
  await database.sql(
    `insert into schools.facility (school_id, id, school_year_id, period, rooms, updated_at)
     select $1, gen_random_uuid(), id, 'START', '[{"kind": "CLASSROOM", "grade": "GRADE_4", "count": 1, "area": 50}]', now() from schools.school_year where code = '2026-2027'`,
    [school],
  )
  await database.sql(
    `insert into schools.student_transfer (school_id, id, student_id, person_id, direction, state, released_on, updated_at)
     select $1, gen_random_uuid(), p, p, 'IN', 'TAKEN', '2026-09-01', now() from unnest($2::uuid[]) p`,
    [school, pupils.map(({ id }) => id)],
  )
  // Each came from another school, which has marks of theirs in the teacher's subject.
  for (const { id } of pupils)
    await database.sql(
      `with book as (
         select g.school_id, g.id, g.class_id, g.subject_code, g.term_id
         from gradebook.gradebook g
         join schools.class_room c on c.school_id = g.school_id and c.id = g.class_id and c.level = $4
         where g.school_id <> $1 and g.subject_code in (
           select t.subject_code from schools.teaching_assignment t where t.school_id = $1 and t.class_id = $3 and t.staff_id = $2)
         order by g.id limit 1),
       pupil as (
         insert into schools.student (school_id, id, code, full_name, given_name, sort_name, sex, birth_date, status, updated_at)
         select b.school_id, gen_random_uuid(), $6, 'Nguyễn Văn Xưa', 'Xưa', 'xưa!', 'MALE', '2012-01-01', 'TRANSFERRED_OUT', now() from book b
         returning school_id, id),
       paper as (
         insert into schools.student_transfer (school_id, id, student_id, person_id, direction, state, to_school, released_on, updated_at)
         select p.school_id, gen_random_uuid(), p.id, $5, 'OUT', 'TAKEN', $1, '2026-09-01', now() from pupil p)
       insert into gradebook.score (school_id, school_year, id, gradebook_id, class_id, student_id, subject_code, term_id, kind, ordinal,
         value_tenths, entered_by_staff_id, received_at, updated_at)
       select b.school_id, 2026, gen_random_uuid(), b.id, b.class_id, p.id, b.subject_code, b.term_id, 'REGULAR', 1, 80, $2, now(), now()
       from book b, pupil p`,
      [school, teacher, room.class, room.level, id, `M${id.slice(-11)}`],
    )
  await database.sql(
    `insert into schools.health_record (school_id, id, student_id, measured_on, height_mm, consented_applications, updated_at)
     select $1, gen_random_uuid(), p, date '2026-10-01', 1500, array(select c.application_id from identity.consent c
       where c.school_id = $1 and c.student_id = p and c.purpose = 'HEALTH' and c.status = 'GIVEN'), now() from unnest($2::uuid[]) p`,
    [school, pupils.map(({ id }) => id)],
  )
  await database.sql(
    `insert into schools.field_conflict (school_id, id, entity, entity_id, natural_key, field_group, field, former, proposed, owner_application_id, proposed_by_application_id, proposed_at, state, updated_at)
     values ($1, gen_random_uuid(), 'Student', $2, '3800000000', 'STUDENT_IDENTITY', 'fullName', '{"full_name": "A"}', '{"full_name": "B"}', $3, $3, now(), 'OPEN', now())`,
    [school, pupils[1]!.id, applications[1]!.id],
  )
  await database.sql(
    `insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at)
     select s.school_id, 'School', s.school_id, s.version - 1, to_jsonb(s) || '{"name": "Tên cũ"}', now() from schools.school s where s.school_id = $1`,
    [school],
  )
  await database.sql(
    `insert into schools.identity_match (school_id, id, landed_id, candidate_id, score, reasons, state, found_at, updated_at)
     values ($1, gen_random_uuid(), $2, $2, 85, '{NAME_EQUAL}', 'OPEN', now(), now())`,
    [school, pupils[1]!.id],
  )
  await database.sql(
    `insert into schools.student_merge (school_id, id, kept_id, merged_id, alias_id, kept_code, merged_code, former, filled, moved, row_counts,
       kept_version, state, reason, merged_at, undone_at, updated_at, application_id)
     values ($1, gen_random_uuid(), $2, gen_random_uuid(), gen_random_uuid(), 'x', 'y', '{}', '{}', '{}', '{}', 1, 'UNDONE', 'Thử', now(), now(), now(), $3)`,
    [school, pupils[1]!.id, applications[1]!.id],
  )
  await database.sql(
    `insert into gradebook.score_amendment (school_id, id, score_id, old_value_tenths, new_value_tenths, entered_by_staff_id, amended_at, version)
     select school_id, gen_random_uuid(), id, 50, 60, $2, now(), 2 from gradebook.score where school_id = $1 and student_id = any ($3::uuid[])`,
    [school, teacher, pupils.map((pupil) => pupil.id)],
  )
}

export async function openProvince(): Promise<Province> {
  const platform = await startTestPlatform()
  const { database } = platform
  const jwk = (await readIdentitySecrets(secretsDir())).signingKeys[0]! as JWK & { kid: string }
  const door = new Door(platform, jwk, await importJWK(jwk, 'ES256'))
  // The matrix asks more in a minute than a product in a day; what budgets do is tried elsewhere.
  for (const [bucket, kind] of ['PARTY', 'SCHOOL'].flatMap((each) => ['READ', 'WRITE', 'REPORT'].map((other) => [each, other])))
    await database.sql(
      `insert into access.cost_budget (party, bucket, operation_class, capacity, restore_rate, reason) values (null, $1, $2, 100000000, 1000000, 'ma trận')`,
      [bucket, kind],
    )

  await database.sql(
    `insert into identity.vendor_certificate (vendor_id, kind, number, issued_on, valid_to) select vendor_id, 'ISO_27001', 'MT-01', date '2026-01-01', date '2029-01-01' from identity.application where code = 'smas'`,
  )
  const rooms = await database.sql<Room>(ROOMS)
  if (rooms.length !== AGREEMENTS.length) throw new Error(`${rooms.length} schools for ${AGREEMENTS.length} states`)
  const [department] = await database.sql<{ id: string }>(`select id from schools.authority where kind = 'DEPARTMENT'`)
  const [vendor] = await database.sql<{ id: string }>(`select vendor_id as id from identity.application where code = 'smas'`)
  const every = new Set(rooms.map(({ school }) => school))
  const account = async (mailbox: string): Promise<{ id: string; scopes: string[] }> =>
    (
      await database.sql<{ id: string; scopes: string[] }>(`select id, scopes from identity.account where email like $1`, [
        `${mailbox}%`,
      ])
    )[0]!
  const officer = await account('can-bo-so')
  sở = officer.id
  const compliance = await account('tuan-thu')

  const somebody = async (
    name: string,
    role: Role,
    scopes: readonly string[],
    schools: ReadonlySet<string>,
    more: { authorityId?: string; offices?: { school: string; staff: string }[]; ofClass?: boolean } = {},
  ): Promise<PersonAt> => ({
    name,
    role,
    scopes,
    schools,
    ofClass: more.ofClass ?? false,
    accountId: await putPerson(database, { name, role, scopes, ...more }),
  })
  const [commune] = await database.sql<{ id: string; schools: string[] }>(
    `select a.id, array_agg(o.school_id) as schools from schools.authority a join access.oversight o on o.authority_id = a.id
     where a.kind = 'COMMUNE' and current_date between o.valid_from and coalesce(o.valid_to, 'infinity') and o.school_id = any ($1::uuid[])
     group by a.id order by a.id limit 1`,
    [[...every]],
  )
  const elsewhere = (
    await database.sql<{ school: string; staff: string }>(
      `select school_id as school, id as staff from schools.staff where not school_id = any ($1::uuid[]) order by id limit 1`,
      [[...every]],
    )
  )[0]!
  const people: PersonAt[] = [
    {
      name: 'officer of the Sở, as in the sandbox',
      accountId: officer.id,
      role: 'AUTHORITY_OFFICER',
      scopes: officer.scopes,
      schools: every,
      ofClass: false,
    },
    {
      name: 'compliance officer',
      accountId: compliance.id,
      role: 'COMPLIANCE_OFFICER',
      scopes: compliance.scopes,
      schools: new Set(),
      ofClass: false,
    },
    await somebody('officer of the Sở with every scope', 'AUTHORITY_OFFICER', READING, every, { authorityId: department!.id }),
    await somebody('officer of a commune', 'AUTHORITY_OFFICER', READING, new Set(commune!.schools), { authorityId: commune!.id }),
    await somebody('principal of another school', 'PRINCIPAL', READING, new Set(), { offices: [elsewhere] }),
    await somebody('developer', 'DEVELOPER', ['identity.read', 'school.read'], new Set()),
  ]

  const schools: SchoolAt[] = []
  for (const [at, room] of rooms.entries()) {
    // Both teachers teach at one level, so that an agreement for another leaves them nobody.
    for (const assignment of ['teaching_assignment', 'homeroom_assignment'])
      await database.sql(
        `delete from schools.${assignment} a using schools.class_room c
         where a.school_id = $1 and a.staff_id = any ($2::uuid[]) and c.school_id = a.school_id and c.id = a.class_id and c.level <> $3`,
        [room.school, [room.teacher, room.outsider], room.level],
      )
    await database.sql(
      `insert into schools.teaching_assignment (school_id, id, staff_id, class_id, subject_code, term_id, updated_at)
       select a.school_id, gen_random_uuid(), $2, a.class_id, a.subject_code, a.term_id, now()
       from schools.teaching_assignment a join schools.class_room c on c.school_id = a.school_id and c.id = a.class_id
       where a.school_id = $1 and c.level = $3 and a.class_id <> $4 and a.staff_id <> $2 order by a.id limit 1`,
      [room.school, room.outsider, room.level, room.class],
    )
    const own = new Set([room.school])
    const staff = (id: string) => ({ offices: [{ school: room.school, staff: id }] })
    const principal = await somebody('principal', 'PRINCIPAL', READING, own, staff(room.principal))
    const teacher = await somebody('teacher of the class', 'TEACHER', READING, own, { ...staff(room.teacher), ofClass: true })
    const outsider = await somebody('teacher of another class', 'TEACHER', READING, own, staff(room.outsider))
    principals.set(room.school, principal.accountId)
    const found = await database.sql<Family & Record<string, unknown>>(
      `select s.id, (array_agg(g.id order by g.id))[1] as guardian, s.birth_date <= date '${inDays(-16 * 365 - 4)}' as "isSixteen" from schools.student s join schools.guardian g on g.school_id = s.school_id and g.student_id = s.id
       where s.school_id = $1 and s.class_id = $2 group by s.school_id, s.id, s.birth_date order by s.id limit 4`,
      [room.school, room.class],
    )
    families.set(room.school, found)
    schools.push({
      id: room.school,
      classId: room.class,
      level: room.level,
      agreement: AGREEMENTS[at]!,
      pupils: found.map(({ id }, place) => ({ id, consent: CONSENTS[place]! })),
      people: [principal, teacher, outsider],
    })
  }

  const applications: ApplicationAt[] = []
  for (const [at, { approval, bring }] of APPROVALS.entries()) {
    const clientId = `ma-tran-${at}`
    const { id } = await door.act(null, sở, kit.REGISTER_APPLICATION, {
      input: { vendorId: vendor!.id, code: clientId, name: approval.name, kind: 'SCHOOL_MANAGEMENT' },
    })
    await door.act(null, sở, kit.ROTATE, { ref: { id }, key: kit.newPublicKey() })
    await door.act(null, sở, kit.REQUEST_SCOPES, { ref: { id }, scopes: kit.requestOf(READING) })
    applications.push({ id, clientId, approval })
    if (!bring) continue
    await approve(door, id, READING)
    for (const { id: school, agreement } of schools) {
      await agreement.bring(door, clientId, school)
      if (agreement.inForce?.scopes.includes('consent.write') && agreement.inForce.levels.length === 0)
        await consentsAt(door, clientId, school)
    }
  }
  for (const room of rooms) await furnish(database, applications, room)
  await database.sql(
    `insert into access.known_document (application_id, hash, text, names, origin, needed_scopes, depth, registered_at, registered_by)
     select a, encode(sha256('{ __typename }'), 'hex'), '{ __typename }', '{}', 'REGISTERED', '{}', 1, now(), 'ma-tran' from unnest($1::uuid[]) a`,
    [applications.map(({ id }) => id)],
  )
  await database.sql(
    `insert into access.unknown_document (application_id, hash, seen, first_seen_at, last_seen_at)
     select a, 'ma-tran', 1, now(), now() from unnest($1::uuid[]) a`,
    [applications.map(({ id }) => id)],
  )
  for (const [at, { bring }] of APPROVALS.entries()) await bring?.(door, applications[at]!.id)

  const developer = people.find(({ role }) => role === 'DEVELOPER')!
  const access = await door.act(null, developer.accountId, CREATE_SANDBOX, { input: { name: 'Ma trận' } })
  return {
    tenant: (access as unknown as { tenant: { id: string } }).tenant.id,
    door,
    database,
    applications,
    schools,
    people,
    proposalOf: (application, school) => proposals.get(`${application} ${school}`),
    close: () => platform.close(),
  }
}

/** The facts about a person at one school. */
export const personAt = ({ name, role, scopes, schools, ofClass }: PersonAt, school: SchoolAt): Person => ({
  role,
  scopes,
  atSchool: schools.has(school.id),
  ofClass,
  ofDepartment: name.startsWith('officer of the Sở'),
})

/** What the families of a school answered an application: nothing where no agreement ever let it ask. */
export const consentAt = (application: ApplicationAt, school: SchoolAt, pupil: PupilAt): ConsentState =>
  consented.has(`${application.clientId} ${school.id}`) ? pupil.consent : 'none'
