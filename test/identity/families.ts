// Families of one school of the sandbox, and the batches of consents that speak of them.
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { TestDatabase } from '../testkit/database.ts'
import type { TestSubgraph } from '../testkit/subgraph.ts'

export interface FamilyAtSchool {
  readonly schoolId: string
  readonly studentId: string
  readonly code: string
  readonly birthDate: string
  readonly guardianIds: readonly string[]
}

export interface FamiliesWanted {
  /** Pupils born after and not after these days. */
  readonly bornAfter?: string
  readonly bornUntil?: string
  /** Whether somebody of the family has consented to this application's contact book. */
  readonly consented?: { readonly to: string; readonly is: boolean }
  readonly limit?: number
}

/** Pupils of one school with their guardians, by id: those who have at least one. */
export function familiesAt(database: TestDatabase, schoolId: string, wanted: FamiliesWanted = {}): Promise<FamilyAtSchool[]> {
  return database.sql<FamilyAtSchool & Record<string, unknown>>(
    `select s.school_id as "schoolId", s.id as "studentId", s.code, s.birth_date::text as "birthDate",
       array_agg(g.id order by coalesce($4 = any (g.consented_applications), false) desc, g.id) as "guardianIds"
     from schools.student s
     join schools.guardian g on g.school_id = s.school_id and g.student_id = s.id
     where s.school_id = $1 and s.status = 'STUDYING'
       and s.birth_date > coalesce($2::date, '-infinity') and s.birth_date <= coalesce($3::date, 'infinity')
     group by s.school_id, s.id
     having $4::uuid is null or bool_or($4 = any (g.consented_applications)) = $5
     order by s.id
     limit $6`,
    [
      schoolId,
      wanted.bornAfter ?? null,
      wanted.bornUntil ?? null,
      wanted.consented?.to ?? null,
      wanted.consented?.is ?? null,
      wanted.limit ?? 50,
    ],
  )
}

export type Sent = Record<string, unknown>

const who = ({ code, guardianIds }: FamilyAtSchool, guardian: number): Sent => ({
  student: { code },
  givenBy: 'GUARDIAN',
  guardianId: guardianIds[guardian],
  purpose: 'CONTACT_BOOK',
})

/** A signed form of this moment, unless the change says otherwise. */
export function consent(family: FamilyAtSchool, change: Sent = {}, guardian = 0): Sent {
  const evidence = { kind: 'SIGNED_FORM', reference: 'Phiếu số 0007/2026', givenAt: new Date().toISOString() }
  return { ...who(family, guardian), evidence, ...change }
}

export const withdrawal = (family: FamilyAtSchool, change: Sent = {}, guardian = 0): Sent => ({
  ...who(family, guardian),
  ...change,
})

export const ownConsent = (family: FamilyAtSchool, change: Sent = {}): Sent =>
  consent(family, { givenBy: 'STUDENT', guardianId: null, ...change })

const RESULT = `summary { created updated unchanged rejected conflicts }
  results { index status entity { id givenBy purpose status version givenAt withdrawnAt evidence { kind reference } guardianId student { id } application { id } recordedBy { id } } errors { code path message messageVi } }`
export const RECORD_CONSENTS = `mutation RecordConsents($input: RecordConsentsInput!) { batch: recordConsents(input: $input) { ${RESULT} } }`
export const WITHDRAW_CONSENTS = `mutation WithdrawConsents($input: WithdrawConsentsInput!) { batch: withdrawConsents(input: $input) { ${RESULT} } }`

export interface Answered {
  summary: Record<'created' | 'updated' | 'unchanged' | 'rejected' | 'conflicts', number>
  results: {
    index: number
    status: string
    entity: {
      id: string
      status: string
      version: number
      givenBy: string
      withdrawnAt: string | null
      guardianId: string | null
      evidence: { kind: string; reference: string }
      student: { id: string }
    } | null
    errors: { code: string; path: string; message: string; messageVi: string }[]
  }[]
}

async function batch(identity: TestSubgraph, viewer: Viewer, document: string, input: Sent) {
  const answer = await identity.ask<{ batch: Answered } | null>(viewer, document, { input })
  return { ...answer, batch: answer.data?.batch as Answered }
}

export const record = (identity: TestSubgraph, viewer: Viewer, schoolId: string, consents: readonly Sent[], more: Sent = {}) =>
  batch(identity, viewer, RECORD_CONSENTS, { school: { id: schoolId }, mode: 'PARTIAL', consents, ...more })

export const withdraw = (
  identity: TestSubgraph,
  viewer: Viewer,
  schoolId: string,
  withdrawals: readonly Sent[],
  more: Sent = {},
) => batch(identity, viewer, WITHDRAW_CONSENTS, { school: { id: schoolId }, mode: 'PARTIAL', withdrawals, ...more })

export const statusesIn = ({ results }: Answered): string[] => results.map(({ status }) => status)
export const codesIn = ({ results }: Answered): string[][] => results.map(({ errors }) => errors.map(({ code }) => code))

/** Rows behind the walls that a batch could have left: compared before and after what must leave none. */
export async function traces(database: TestDatabase): Promise<Record<string, number>> {
  const [row] = await database.sql<Record<string, number>>(
    `select (select count(*)::int from identity.consent) as consents, (select sum(version)::int from identity.consent) as versions,
       (select count(*)::int from identity.consent_event) as events, (select count(*)::int from identity.outbox) as outbox,
       (select count(*)::int from schools.outbox) as roster, (select count(*)::int from communications.outbox) as book,
       (select count(*)::int from identity.idempotency_answer) as answers, (select count(*)::int from access.audit_event) as audits,
       (select count(*)::int from communications.subscription where until is null) as subscriptions,
       (select sum(cardinality(consented_applications))::int from schools.guardian) as guardians,
       (select sum(cardinality(consented_applications))::int from communications.message) as messages`,
  )
  return row!
}

/** Rows that do not say what the consents say, and consents that do not say what their history says: must be none. */
export function disagreements(database: TestDatabase): Promise<object[]> {
  return database.sql(
    `with due as (
       select giver_id, array_agg(distinct application_id order by application_id) as applications
       from identity.consent where status = 'GIVEN' and purpose = 'CONTACT_BOOK' group by giver_id
     )
     select 'guardian' as row, g.id from schools.guardian g left join due d on d.giver_id = g.id
     where array(select unnest(g.consented_applications) order by 1) <> coalesce(d.applications, '{}')
     union all
     select 'message', m.id from communications.message m left join due d on d.giver_id = m.guardian_id
     where array(select unnest(m.consented_applications) order by 1) <> coalesce(d.applications, '{}')
     union all
     select 'subscription', s.id from communications.subscription s
     join communications.contact_book_plan p on p.school_id = s.school_id and p.id = s.plan_id
     where s.until is null and not exists (select 1 from identity.consent c where c.student_id = s.student_id
       and c.application_id = p.application_id and c.purpose = 'CONTACT_BOOK' and c.status = 'GIVEN')
     union all
     select 'history', c.id from identity.consent c
     where c.version <> (select count(*) from identity.consent_event e where e.consent_id = c.id)
        or (c.status = 'GIVEN') <> (select e.event <> 'WITHDRAWN' from identity.consent_event e where e.consent_id = c.id order by e.version desc limit 1)`,
  )
}
