// The roster through the public door, in both topologies: one product writes, another reads it at once, and marks follow the class.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  codesIn,
  documentOf,
  freshCode,
  pupil,
  schoolAtWork,
  statusesIn,
  warningsIn,
  YEAR,
  type Answered,
  type SchoolAtWork,
  type Sent,
} from '../schools/roster-kit.ts'
import { applicationViewer, schoolOf } from '../testkit/parties.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

interface Answer<T> {
  data: T | null
  errors?: { message: string; extensions: Record<string, unknown> }[]
}

describe.each(TOPOLOGIES)('with the platform as %s', (topology) => {
  let platform: TestPlatform
  let school: SchoolAtWork
  let rivals: SchoolAtWork

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    const smas = await applicationViewer(platform.database, 'smas')
    school = await schoolAtWork(platform.database, smas, await applicationViewer(platform.database, 'enetviet'))
    rivals = await schoolAtWork(platform.database, await applicationViewer(platform.database, 'vnedu'))
  })
  afterAll(() => platform?.close())

  async function ask<T>(as: string, query: string, variables: object, key?: string): Promise<Answer<T>> {
    const token = await (await platform.tokenSource(as)).get()
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...(key ? { 'idempotency-key': key } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer<T>
  }
  const sendAs = async (as: string, at: SchoolAtWork, act: string, more: Sent, key?: string): Promise<Answered> => {
    const { data, errors } = await ask<{ batch: Answered }>(
      as,
      documentOf(act),
      { input: { school: { id: at.id }, ...more } },
      key,
    )
    expect(errors).toBeUndefined()
    return data!.batch
  }
  const send = (act: string, more: Sent, key?: string): Promise<Answered> => sendAs('smas', school, act, more, key)
  const seen = async (code: unknown): Promise<Sent | undefined> =>
    (
      await ask<{ student: Sent }>(
        'enetviet',
        `query ($ref: StudentRef!) { student(ref: $ref) { fullName classRoom { name } version provenance { application { code } } } }`,
        { ref: { code } },
      )
    ).data?.student

  test('a pupil whom one product admits and moves is seen so by another at the next read', async () => {
    const [from, to] = school.rooms.map(({ name }) => ({ name }))
    const sent = pupil({ classRoom: from })
    const created = await send('upsertStudents', { schoolYear: YEAR, students: [sent, pupil({ birthDate: '2011-02-29' })] })
    expect(statusesIn(created)).toEqual(['CREATED', 'REJECTED'])
    expect(await seen(sent.code)).toEqual({
      fullName: sent.fullName,
      classRoom: from,
      version: 1,
      provenance: { application: { code: 'smas' } },
    })
    await send('moveStudents', { schoolYear: YEAR, moves: [{ student: { code: sent.code }, classRoom: to }] })
    expect(await seen(sent.code)).toMatchObject({ classRoom: to, version: 2 })
  })

  test('a retried batch has one effect and the first answer', async () => {
    const more = { schoolYear: YEAR, students: [pupil(), pupil()] }
    const key = randomUUID()
    const first = await send('upsertStudents', more, key)
    expect(statusesIn(first)).toEqual(['CREATED', 'CREATED'])
    expect(await send('upsertStudents', more, key)).toEqual(first)
  })

  test('a pupil goes from one vendor’s school to another’s when let go, and compliance sees the claims', async () => {
    const [classRoom] = school.rooms.map(({ name }) => ({ name }))
    const sent = pupil({ classRoom })
    await send('upsertStudents', { schoolYear: YEAR, students: [sent] })
    const { code, fullName, birthDate } = sent
    const claims = [{ code, fullName, birthDate, classRoom: { name: rivals.rooms[0]!.name } }]
    const claim = () => sendAs('vnedu', rivals, 'claimStudents', { schoolYear: YEAR, claims })
    expect(codesIn(await claim())).toEqual([['CLAIM_MATCHED']])
    await platform.database.sql(
      `insert into gradebook.score (school_id, school_year, id, gradebook_id, class_id, student_id, subject_code, term_id, kind, ordinal, value_tenths,
         entered_by_staff_id, received_at, updated_at)
       select g.school_id, 2026, gen_random_uuid(), g.id, g.class_id, s.id, g.subject_code, g.term_id, 'MIDTERM', 1, 85, gen_random_uuid(), now(), now()
       from schools.student s join gradebook.gradebook g on g.school_id = s.school_id and g.class_id = s.class_id
       where s.school_id = $1 and s.code = $2 order by g.subject_code limit 1`,
      [school.id, code],
    )
    const former = async (): Promise<Answer<{ student: { formerTerms: Sent[] } }>> =>
      ask(
        'vnedu',
        `query ($ref: StudentRef!) { student(ref: $ref) { formerTerms { schoolYear className term { code } marks { kind value } } } }`,
        {
          ref: { code },
        },
      )
    expect((await former()).errors!.map(({ extensions }) => extensions.code)).toEqual(['RECORD_NOT_ACCESSIBLE'])
    await send('releaseStudents', { releases: [{ student: { code } }] })
    expect((await claim()).results[0]).toMatchObject({ status: 'CREATED', entity: { code, status: 'STUDYING' } })
    expect((await former()).data?.student.formerTerms).toMatchObject([
      { schoolYear: YEAR, className: school.rooms[0]!.name, marks: [{ kind: 'MIDTERM', value: 8.5 }] },
    ])
    // A product of both schools is shown the record that lives.
    expect(await seen(code)).toMatchObject({
      classRoom: { name: rivals.rooms[0]!.name },
      provenance: { application: { code: 'vnedu' } },
    })
    const { data } = await ask<{ transferClaims: { nodes: Sent[] } }>(
      'tuan-thu',
      `{ transferClaims(first: 10) { nodes { application { code } asked matched taken } } }`,
      {},
    )
    expect(data!.transferClaims.nodes).toEqual([{ application: { code: 'vnedu' }, asked: 2, matched: 2, taken: 1 }])
  })

  test('the product that keeps facilities reports them, and every part of the report comes back through the door', async () => {
    const own = await schoolOf(platform.database, 'misa-emis')
    const sent = { period: 'START', rooms: [{ kind: 'CLASSROOM', grade: 'GRADE_4', count: 12, area: 600.5 }], accreditation: 3 }
    const input = { school: { id: own.id }, facilities: [{ schoolYear: YEAR, ...sent }] }
    const written = await ask<{ batch: Answered }>('misa-emis', documentOf('upsertFacilities'), { input })
    expect(statusesIn(written.data!.batch)).toEqual(['CREATED'])
    const seen = await ask<{ school: { facilities: Sent[] } }>(
      'misa-emis',
      `query ($ref: SchoolRef!) { school(ref: $ref) { facilities { period rooms { kind grade count area } accreditation } } }`,
      { ref: { id: own.id } },
    )
    expect(seen.data!.school.facilities).toEqual([sent])
  })

  test('a field that the principal gave to another product is proposed by the roster’s own, and the principal decides', async () => {
    const { database } = platform
    const enetviet = await applicationViewer(database, 'enetviet')
    const principal = 'hieu-truong.thpt-hac-thanh'
    await database.sql(
      `update access.membership m set school_id = $1 from access.client c where c.account_id = m.account_id and c.client_id = $2`,
      [school.id, principal],
    )
    await database.sql(
      `update access.school_grant set scopes = scopes || '{student.basic.write}' where application_id = $1 and school_id = $2`,
      [enetviet.applicationId, school.id],
    )
    const declared = await ask<{ setFieldOwners: Sent }>(
      principal,
      `mutation ($input: SetFieldOwnersInput!) { setFieldOwners(input: $input) { results { status entity { application { code } } } } }`,
      {
        input: {
          school: { id: school.id },
          owners: [{ group: 'STUDENT_PROFILE', applicationId: enetviet.applicationId, reason: 'Sổ liên lạc giữ địa chỉ' }],
        },
      },
    )
    expect(declared.data?.setFieldOwners).toEqual({
      results: [{ status: 'CREATED', entity: { application: { code: 'enetviet' } } }],
    })
    const sent = pupil({ address: 'Số 1' })
    await send('upsertStudents', { schoolYear: YEAR, students: [sent] })
    expect(codesIn(await send('upsertStudents', { schoolYear: YEAR, students: [{ ...sent, address: 'Số 2' }] }))).toEqual([
      ['FIELD_OWNED'],
    ])
    const open = await ask<{ conflicts: { nodes: { id: string }[] } }>(
      'smas',
      `query ($school: SchoolRef!) { conflicts(school: $school, first: 5) { nodes { id field proposedValue owner { code } } } }`,
      { school: { id: school.id } },
    )
    expect(open.data?.conflicts.nodes).toMatchObject([
      { field: 'Student.address', proposedValue: 'Số 2', owner: { code: 'enetviet' } },
    ])
    const decided = await ask<{ resolveConflicts: Sent }>(
      principal,
      `mutation ($input: ResolveConflictsInput!) { resolveConflicts(input: $input) { results { status entity { state proposedBy { code } } } } }`,
      {
        input: {
          school: { id: school.id },
          resolutions: [{ conflict: open.data!.conflicts.nodes[0]!.id, decision: 'ACCEPT' }],
        },
      },
    )
    expect(decided.data?.resolveConflicts).toEqual({
      results: [{ status: 'UPDATED', entity: { state: 'ACCEPTED', proposedBy: { code: 'smas' } } }],
    })
  })

  test('two records of a pupil become one for every product, the old code answers, and the merge is taken back', async () => {
    const [classRoom] = school.rooms.map(({ name }) => ({ name }))
    const [kept, double] = [pupil({ classRoom, fullName: 'Lương Một Em' }), pupil({ fullName: 'Lương Một Em', address: 'Số 5' })]
    await send('upsertStudents', { schoolYear: YEAR, students: [kept, double] })
    const act = async (name: string, merges: Sent[]): Promise<{ status: string; entity: { id: string } }> => {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
      const { data, errors } = await ask<{ batch: { results: { status: string; entity: { id: string } }[] } }>(
        'smas',
        `mutation ($input: ${type}!) { batch: ${name}(input: $input) { results { status entity { id mergedBy { code } } errors { code } } } }`,
        { input: { school: { id: school.id }, merges } },
      )
      expect(errors).toBeUndefined()
      return data!.batch.results[0]!
    }
    const merged = await act('mergeStudents', [
      { keep: { code: kept.code }, merge: { code: double.code }, reason: 'Cùng một em' },
    ])
    expect(merged).toMatchObject({ status: 'CREATED', entity: { mergedBy: { code: 'smas' } } })
    expect(await seen(double.code)).toMatchObject({ classRoom, version: 2 })
    expect((await act('undoMerge', [{ merge: merged.entity.id, reason: 'Hai em khác nhau' }])).status).toBe('UPDATED')
    expect(await seen(double.code)).toMatchObject({ classRoom: null })
  })

  test('the Sở sets a school year with its terms, and every product reads it at once; a product sets none', async () => {
    const input = { schoolYears: [{ code: '2041-2042', startsOn: '2041-09-01', endsOn: '2042-05-31' }] }
    const term = { schoolYear: '2041-2042', level: 'THPT', code: 'HKI', startsOn: '2041-09-05', endsOn: '2042-01-11' }
    const exams = { examFrom: '2041-12-23', examTo: '2042-01-03' }
    const written = await ask<{ batch: Answered }>('can-bo-so', documentOf('upsertSchoolYears'), { input })
    expect(statusesIn(written.data!.batch)).toEqual(['CREATED'])
    const terms = {
      input: {
        terms: [
          { ...term, ...exams },
          { ...term, code: 'HKII' },
        ],
      },
    }
    const set = await ask<{ batch: Answered }>('can-bo-so', documentOf('upsertTerms'), terms)
    // Both were sent with the days of the first: which of them is meant is not ours to guess.
    expect(codesIn(set.data!.batch)).toEqual([['TERMS_OVERLAP'], ['TERMS_OVERLAP']])
    const alone = await ask<{ batch: Answered }>('can-bo-so', documentOf('upsertTerms'), {
      input: { terms: [{ ...term, ...exams }] },
    })
    expect(statusesIn(alone.data!.batch)).toEqual(['CREATED'])
    const seen = await ask<{ schoolYears: Sent[] }>('smas', `{ schoolYears { code terms { level code examFrom version } } }`, {})
    expect(seen.data!.schoolYears.find(({ code }) => code === '2041-2042')).toEqual({
      code: '2041-2042',
      terms: [{ level: 'THPT', code: 'HKI', examFrom: '2041-12-23', version: 1 }],
    })
    const refused = await ask<object>('misa-emis', documentOf('upsertSchoolYears'), { input })
    expect(refused.errors!.map(({ extensions }) => extensions.code)).toEqual(['ACT_FORBIDDEN'])
  })

  test('what a record said before is read through the door, each part under the scope of its fields', async () => {
    const sent = pupil({ classRoom: { name: school.rooms[0]!.name }, sensitive: { policyGroup: 'Con liệt sĩ' } })
    const { database } = platform
    const { applicationId } = await applicationViewer(database, 'smas')
    const more = `array(select distinct scope from unnest(scopes || '{student.sensitive.read,student.sensitive.write}') scope)`
    for (const table of ['client', 'school_grant'])
      await database.sql(`update access.${table} set scopes = ${more} where application_id = $1`, [applicationId])
    await send('upsertStudents', { schoolYear: YEAR, students: [sent] })
    const changed = { ...sent, birthDate: '2011-04-05', sensitive: { policyGroup: 'Vùng cao' } }
    expect(statusesIn(await send('upsertStudents', { schoolYear: YEAR, students: [changed] }))).toEqual(['UPDATED'])
    const versions = `history(first: 1) { nodes { version provenance { application { code } } changes { field before after } } pageInfo { hasNextPage } }`
    const query = (body: string): string => `query ($ref: StudentRef!) { student(ref: $ref) { ${versions} ${body} } }`
    const both = await ask<{ student: Sent }>('smas', query(`sensitive { ${versions} }`), { ref: { code: sent.code } })
    const version = (changes: Sent[]): Sent => ({
      nodes: [{ version: 2, provenance: { application: { code: 'smas' } }, changes }],
      pageInfo: { hasNextPage: true },
    })
    expect([both.errors, both.data!.student]).toEqual([
      undefined,
      {
        history: version([{ field: 'birthDate', before: sent.birthDate, after: '2011-04-05' }]),
        sensitive: { history: version([{ field: 'policyGroup', before: 'Con liệt sĩ', after: 'Vùng cao' }]) },
      },
    ])
    const refused = await ask<object>('enetviet', query(`sensitive { ${versions} }`), { ref: { code: sent.code } })
    expect([refused.data ?? null, refused.errors!.map(({ extensions }) => extensions.code)]).toEqual([null, ['SCOPE_MISSING']])
    const open = await ask<{ student: Sent }>('enetviet', query(''), { ref: { code: sent.code } })
    expect(open.errors).toBeUndefined()
    expect(JSON.stringify(open.data)).not.toContain('Con liệt sĩ')
  })

  test('of a bad list each record is refused for its own reason and the rest lands; a leaver is assigned nothing', async () => {
    const [room] = school.rooms.map(({ name }) => ({ name }))
    const students = await send('upsertStudents', {
      schoolYear: YEAR,
      students: [
        pupil({ birthDate: '2011-02-30' }),
        pupil({ birthDate: '1966-03-01', classRoom: room }),
        pupil({ fullName: 'Trần \ud83d' }),
        pupil({ classRoom: { name: '10Z99' } }),
        pupil({ code: freshCode('01') }),
        pupil({ classRoom: room }),
      ],
    })
    expect(codesIn(students)).toEqual([['DATE_INVALID'], ['AGE_GRADE_INVALID'], ['NAME_INVALID'], ['CLASS_NOT_FOUND'], [], []])
    expect(warningsIn(students)[4]).toEqual(['CODE_OF_OTHER_PROVINCE'])
    const classes = [
      { name: '10 Cửa', grade: 10, level: 'THPT' },
      { name: '10 Sai', grade: 3, level: 'THPT' },
    ]
    const rooms = await send('upsertClasses', { schoolYear: YEAR, classes })
    expect(statusesIn(rooms)).toEqual(['CREATED', 'REJECTED'])
    const [working, left] = [freshCode(), freshCode()]
    const person = { fullName: 'Lê Thị Hạnh', sex: 'FEMALE', birthDate: '1985-02-28', position: 'TEACHER' }
    const staff = await send('upsertStaff', {
      staff: [
        { ...person, code: working, status: 1 },
        { ...person, code: left, status: 6 },
      ],
    })
    expect(statusesIn(staff)).toEqual(['CREATED', 'CREATED'])
    const assignments = [working, left].map((code, place) => ({
      classRoom: { name: '10 Cửa' },
      subject: ['TOAN', 'NGU_VAN'][place],
      teacher: { code },
    }))
    const assigned = await send('assignTeachers', { schoolYear: YEAR, term: 'HKI', assignments })
    expect(codesIn(assigned)).toEqual([[], ['STAFF_LEFT']])
  })

  test('a pupil is found without diacritics, waits on the review list beside its likeness, and counts as incomplete', async () => {
    const fullName = 'Đặng Thuỳ Ngoãn'
    const [one, other] = [pupil({ fullName }), pupil({ fullName: 'Đặng Thùy Ngoan' })]
    await send('upsertStudents', { schoolYear: YEAR, students: [one] })
    // One digit apart, as a slip of the hand is.
    const slip = `${String(one.code).slice(0, 9)}${(Number(String(one.code).at(-1)) + 1) % 10}`
    const batch = await send('upsertStudents', { schoolYear: YEAR, students: [{ ...other, code: slip }] })
    expect(warningsIn(batch)).toEqual([['IDENTITY_UNCERTAIN']])
    interface Looked {
      students: { nodes: { code: string }[] }
      identityMatches: { nodes: { state: string; landed: Sent; candidate: Sent }[] }
      school: { completeness: { profile: string; records: number; complete: number }[] }
    }
    const question = `query ($s: SchoolRef!) {
      students(school: $s, first: 10, filter: { search: "dang thuy ngoan" }, orderBy: CODE) { nodes { code } }
      identityMatches(school: $s) { nodes { state landed { code } candidate { code } } }
      school(ref: $s) { completeness { profile records complete } } }`
    const { data, errors } = await ask<Looked>('smas', question, { s: { id: school.id } })
    expect(errors).toBeUndefined()
    expect(data!.students.nodes.map(({ code }) => code)).toEqual([String(one.code), slip].toSorted())
    expect(data!.identityMatches.nodes).toContainEqual({ state: 'OPEN', landed: { code: slip }, candidate: { code: one.code } })
    const profiles = data!.school.completeness.find(({ profile }) => profile === 'STUDENT')!
    expect(profiles.complete).toBeLessThan(profiles.records)
    const foreign = await ask<Looked>('smas', question, {
      s: { id: (await schoolOf(platform.database, 'smas', { agreed: false })).id },
    })
    expect(new Set(foreign.errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['SCHOOL_NOT_ACCESSIBLE']))
  })

  test('who is not approved to write is refused at the door, with the scopes that are missing', async () => {
    const input = { school: { id: school.id }, schoolYear: YEAR, students: [pupil()] }
    const { data, errors } = await ask<object>('enetviet', documentOf('upsertStudents'), { input })
    expect(data ?? null).toBeNull()
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['SCOPE_MISSING'])
  })

  test('a school rolls over by the plan that was looked at, once', async () => {
    // The year is over for this test.
    const { database } = platform
    await database.sql(`update schools.school_year set ends_on = '2026-11-01' where code = $1`, [YEAR])
    const more = `array(select distinct scope from unnest(scopes || '{school.write}') scope)`
    const smas = await applicationViewer(database, 'smas')
    for (const table of ['client', 'school_grant'])
      await database.sql(`update access.${table} set scopes = ${more} where application_id = $1`, [smas.applicationId])
    const input = { school: { id: school.id }, fromYear: YEAR, toYear: '2027-2028' }
    type Plan = { hash: string; state: string; summary: { promoted: number; graduated: number } }
    const { data: looked } = await ask<{ plan: Plan }>(
      'smas',
      `query ($input: RolloverInput!) { plan: previewRollover(input: $input) { hash state summary { promoted graduated } } }`,
      { input },
    )
    const plan = looked!.plan
    expect(plan.state).toBe('READY')
    expect(plan.summary.promoted).toBeGreaterThan(0)
    const commit = () =>
      ask<{ done: { status: string; plan: Plan } }>(
        'smas',
        `mutation ($input: RollOverSchoolInput!) { done: rollOverSchool(input: $input) { status plan { hash state summary { promoted graduated } } } }`,
        { input: { ...input, planHash: plan.hash } },
      )
    const after = { ...plan, state: 'DONE' }
    expect((await commit()).data!.done).toEqual({ status: 'CREATED', plan: after })
    expect((await commit()).data!.done).toEqual({ status: 'UNCHANGED', plan: after })
  })
})
