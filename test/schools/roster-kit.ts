// Batches of the roster as a product sends them, and what the database holds behind them.
import { randomInt } from 'node:crypto'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import type { TestDatabase } from '../testkit/database.ts'
import { applicationViewer } from '../testkit/parties.ts'
import { codesOf, type TestSubgraph } from '../testkit/subgraph.ts'

export type Sent = Record<string, unknown>
export const YEAR = '2026-2027'

export interface Answered {
  summary: Record<'created' | 'updated' | 'unchanged' | 'rejected' | 'conflicts', number>
  results: {
    index: number
    status: string
    entity: (Record<string, unknown> & { id: string; version: number }) | null
    errors: { code: string; path: string; message: string; messageVi: string }[]
    warnings: { code: string; path: string }[]
  }[]
  rootCauses: { code: string; about: string | null; blocks: number }[]
}

const ENTITY: Record<string, string> = {
  upsertClasses: 'id version name grade level provenance { externalId application { id } }',
  upsertStaff: 'id version code fullName status provenance { externalId }',
  assignTeachers: 'id version active teacher { code } classRoom { name } subject { code }',
  upsertSchools: 'id version code name levels formerCodes validFrom validTo managingAuthority { code }',
  upsertSchoolYears: 'id version code startsOn endsOn',
  upsertTerms: 'id version level code name startsOn endsOn examFrom examTo schoolYear { code }',
  upsertGuardians: 'id',
  upsertHealthRecords: 'id',
  upsertFacilities: 'id version period',
  upsertCampuses: 'id version code',
  assignHomerooms: 'id version teacher { code } classRoom { name }',
}
const STUDENT = `id version code fullName sex birthDate status classRoom { name } provenance { externalId application { id } }
  enrolments { admittedOn leftOn status leavingReason classRoom { name } }
  transfers { direction state personId releasedOn takenOn reason otherSchoolCode formerClass formerGrade formerYear version }`

export const documentOf = (act: string): string => `mutation Write($input: ${act[0]!.toUpperCase()}${act.slice(1)}Input!) {
  batch: ${act}(input: $input) {
    summary { created updated unchanged rejected conflicts }
    results { index status entity { ${ENTITY[act] ?? STUDENT} } errors { code path message messageVi } warnings { code path } }
    rootCauses { code about blocks }
  }
}`

/** Sends a batch that is to be answered record by record. */
export async function send(subgraph: TestSubgraph, viewer: Viewer, act: string, input: Sent): Promise<Answered> {
  const { data, errors } = await subgraph.ask<{ batch: Answered }>(viewer, documentOf(act), { input })
  if (errors) throw new Error(JSON.stringify(errors))
  return data.batch
}

/** Sends a batch that is to be refused as a whole. */
export async function refusal(subgraph: TestSubgraph, viewer: Viewer, act: string, input: Sent): Promise<unknown[]> {
  return codesOf(await subgraph.ask(viewer, documentOf(act), { input }))
}

export const statusesIn = ({ results }: Answered): string[] => results.map(({ status }) => status)
export const codesIn = ({ results }: Answered): string[][] => results.map(({ errors }) => errors.map(({ code }) => code))
export const warningsIn = ({ results }: Answered): string[][] => results.map(({ warnings }) => warnings.map(({ code }) => code))

/** An application of the sandbox that its approval and its schools' agreements let do more. */
export async function keeper(database: TestDatabase, code: string, ...scopes: Scope[]): Promise<Viewer> {
  const viewer = await applicationViewer(database, code)
  await database.sql(
    `update access.school_grant
     set scopes = (select array_agg(distinct s) from unnest(scopes || $2::text[]) s)
     where application_id = $1`,
    [viewer.applicationId, scopes],
  )
  return { ...viewer, scopes: [...new Set([...viewer.scopes, ...scopes])] }
}

/** A code of the province that nobody has: the sandbox draws at random, so 9 digits of chance do not meet it. */
export function freshCode(province = '38'): string {
  for (;;) {
    const code = `${province}${String(randomInt(10 ** 8)).padStart(8, '0')}`
    if (drawn.has(code)) continue
    drawn.add(code)
    return code
  }
}
// Of a thousand codes two are alike in one run out of two hundred.
const drawn = new Set<string>()

export const pupil = (change: Sent = {}): Sent => ({
  code: freshCode(),
  fullName: 'Nguyễn Thị Ánh',
  sex: 'FEMALE',
  birthDate: '2011-05-04',
  ...change,
})

/** Everything a batch leaves behind at a school, counted. */
export async function traces(database: TestDatabase, schoolId: string): Promise<Record<string, number>> {
  const [row] = await database.sql<Record<string, number>>(
    `select
       (select count(*)::int from schools.outbox where school_id = $1) as outbox,
       (select count(*)::int from schools.former_version where school_id = $1) as former,
       (select count(*)::int from access.audit_event where kind = 'WRITE' and $1 = any (schools)) as audit,
       (select count(*)::int from schools.student where school_id = $1) as students,
       (select count(*)::int from schools.enrolment where school_id = $1) as enrolments`,
    [schoolId],
  )
  return row!
}

export interface SchoolAtWork {
  readonly id: string
  /** Two classes of grade 10. */
  readonly rooms: readonly { id: string; name: string }[]
}

/** A school of upper secondary level where both applications have an agreement, or the first alone. */
export async function schoolAtWork(database: TestDatabase, viewer: Viewer, beside: Viewer | null = null): Promise<SchoolAtWork> {
  const [school] = await database.sql<{ id: string }>(
    `select s.school_id as id from schools.school s
     where 'THPT' = any (s.levels)
       and exists (select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $1)
       and ($2::uuid is null or exists (select 1 from access.school_grant g where g.school_id = s.school_id and g.application_id = $2))
     order by s.code limit 1`,
    [viewer.applicationId, beside?.applicationId ?? null],
  )
  const rooms = await database.sql<{ id: string; name: string }>(
    `select c.id, c.name from schools.class_room c join schools.school_year y on y.id = c.school_year_id
     where c.school_id = $1 and c.grade = 10 and y.code = $2 order by c.name limit 2`,
    [school!.id, YEAR],
  )
  return { id: school!.id, rooms }
}
