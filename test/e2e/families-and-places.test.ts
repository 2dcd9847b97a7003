// Families, health, campuses and schools through the public door, in both topologies: who keeps, who reads, who decides, who is kept out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../subgraphs/kernel/scopes.ts'
import {
  codesIn,
  documentOf,
  pupil,
  schoolAtWork,
  statusesIn,
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
  let classRoom: Sent

  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
    const smas = await applicationViewer(platform.database, 'smas')
    const enetviet = await applicationViewer(platform.database, 'enetviet')
    school = await schoolAtWork(platform.database, smas, enetviet)
    classRoom = { name: school.rooms[0]!.name }
  })
  afterAll(() => platform?.close())

  async function ask<T>(as: string, query: string, variables: object): Promise<Answer<T>> {
    const token = await (await platform.tokenSource(as)).get()
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer<T>
  }
  async function sendAs(as: string, act: string, input: Sent): Promise<Answered> {
    const { data, errors } = await ask<{ batch: Answered }>(as, documentOf(act), { input })
    expect(errors).toBeUndefined()
    return data!.batch
  }
  const codesAs = async (as: string, query: string, variables: object): Promise<unknown[]> =>
    (await ask<object>(as, query, variables)).errors!.map(({ extensions }) => extensions.code)
  const at = (more: Sent): Sent => ({ school: { id: school.id }, ...more })
  async function newPupil(): Promise<unknown> {
    const sent = pupil({ classRoom })
    expect(statusesIn(await sendAs('smas', 'upsertStudents', at({ schoolYear: YEAR, students: [sent] })))).toEqual(['CREATED'])
    return sent.code
  }
  /** The Sở approves more for the product, and the schools agree. */
  async function approve(code: string, ...scopes: Scope[]): Promise<void> {
    const { applicationId } = await applicationViewer(platform.database, code)
    for (const table of ['client', 'school_grant'])
      await platform.database.sql(
        `update access.${table} set scopes = array(select distinct s from unnest(scopes || $2::text[]) s) where application_id = $1`,
        [applicationId, scopes],
      )
  }
  async function consentTo(as: string, code: unknown, guardianId: string, purpose: string): Promise<void> {
    const consents = [
      {
        student: { code },
        givenBy: 'GUARDIAN',
        guardianId,
        application: { code: as },
        purpose,
        evidence: { kind: 'SIGNED_FORM', reference: 'Phiếu 1', givenAt: new Date(Date.now() - 60_000).toISOString() },
      },
    ]
    const { data, errors } = await ask<{ it: { results: Sent[] } }>(
      as,
      'mutation ($input: RecordConsentsInput!) { it: recordConsents(input: $input) { results { status errors { code } } } }',
      { input: at({ consents }) },
    )
    expect(errors).toBeUndefined()
    expect(data!.it.results).toEqual([{ status: 'CREATED', errors: [] }])
  }
  const readOf = async (as: string, code: unknown, fields: string): Promise<Sent> =>
    (await ask<{ student: Sent }>(as, `query ($ref: StudentRef!) { student(ref: $ref) { ${fields} } }`, { ref: { code } })).data!
      .student

  test('the school’s product keeps a family, and the contact book reads it from the consent on; each is kept out of the other’s part', async () => {
    const code = await newPupil()
    const guardian = {
      student: { code },
      fullName: 'Trần Thị Mai',
      relation: 'MOTHER',
      phone: '0540 123 456',
      externalId: 'PH-e2e',
    }
    const written = await sendAs('smas', 'upsertGuardians', at({ guardians: [guardian, { ...guardian, relation: 'Dì ghẻ' }] }))
    expect([statusesIn(written), codesIn(written)]).toEqual([
      ['CREATED', 'REJECTED'],
      [[], ['CODE_UNKNOWN']],
    ])
    const { id } = written.results[0]!.entity!
    expect(await readOf('enetviet', code, 'guardians { phone }')).toEqual({ guardians: [] })
    await consentTo('enetviet', code, id, 'CONTACT_BOOK')
    const FIELDS = 'guardians { id fullName phone version provenance { application { code } externalId } }'
    expect(await readOf('enetviet', code, FIELDS)).toMatchObject({
      guardians: [{ id, phone: '+84540123456', provenance: { application: { code: 'smas' }, externalId: null } }],
    })
    const own = `query ($ref: StudentRef!) { student(ref: $ref) { guardians { phone } } }`
    expect(await codesAs('smas', own, { ref: { code } })).toEqual(['SCOPE_MISSING'])
    const theirs = { input: at({ guardians: [guardian] }) }
    expect(await codesAs('enetviet', documentOf('upsertGuardians'), theirs)).toEqual(['SCOPE_MISSING'])
  })

  test('a competing phone waits for the product that keeps the family, and the principal decides it in person', async () => {
    await approve('enetviet', 'guardian.contact.write')
    const code = await newPupil()
    const guardian = { student: { code }, fullName: 'Lê Văn Hùng', relation: 'FATHER', phone: '0540 123 000' }
    const { id } = (await sendAs('smas', 'upsertGuardians', at({ guardians: [guardian] }))).results[0]!.entity!
    await consentTo('enetviet', code, id, 'CONTACT_BOOK')
    const refused = await sendAs('enetviet', 'upsertGuardians', at({ guardians: [{ ...guardian, phone: '0540 123 111' }] }))
    expect(codesIn(refused)).toEqual([['FIELD_OWNED']])
    const principal = 'hieu-truong.thpt-hac-thanh'
    await platform.database.sql(
      `update access.membership m set school_id = $1 from access.client c where c.account_id = m.account_id and c.client_id = $2`,
      [school.id, principal],
    )
    await platform.database.sql(
      `update access.client set scopes = scopes || '{guardian.contact.read,guardian.contact.write}' where client_id = $1`,
      [principal],
    )
    const open = await ask<{ conflicts: { nodes: { id: string }[] } }>(
      principal,
      'query ($school: SchoolRef!) { conflicts(school: $school, first: 5) { nodes { id field recordId currentValue proposedValue proposedBy { code } } } }',
      { school: { id: school.id } },
    )
    expect(open.data!.conflicts.nodes).toMatchObject([
      {
        field: 'Guardian.phone',
        recordId: id,
        currentValue: '+84540123000',
        proposedValue: '+84540123111',
        proposedBy: { code: 'enetviet' },
      },
    ])
    const decided = await ask<{ it: { results: Sent[] } }>(
      principal,
      'mutation ($input: ResolveConflictsInput!) { it: resolveConflicts(input: $input) { results { status errors { code } } } }',
      { input: at({ resolutions: [{ conflict: open.data!.conflicts.nodes[0]!.id, decision: 'ACCEPT' }] }) },
    )
    expect(decided.data!.it.results).toEqual([{ status: 'UPDATED', errors: [] }])
    expect(await readOf('enetviet', code, 'guardians { phone }')).toEqual({ guardians: [{ phone: '+84540123111' }] })
  })

  test('what was measured of a pupil is kept by the agreement, and read with the family’s consent to health alone', async () => {
    const code = await newPupil()
    const record = { student: { code }, measuredOn: '2026-10-05', heightCm: 152.5, weightKg: 42.2, externalId: 'SK-e2e' }
    const input = at({ records: [record, { ...record, measuredOn: '2026-10-06', heightCm: 900, externalId: null }] })
    expect(await codesAs('smas', documentOf('upsertHealthRecords'), { input })).toEqual(['SCOPE_MISSING'])
    await approve('smas', 'health.write')
    await approve('enetviet', 'health.read')
    const written = await sendAs('smas', 'upsertHealthRecords', input)
    expect([statusesIn(written), codesIn(written)]).toEqual([
      ['CREATED', 'REJECTED'],
      [[], ['NUMBER_OUT_OF_RANGE']],
    ])
    const guardians = [{ student: { code }, fullName: 'Trần Thị Mai', relation: 'MOTHER' }]
    const { id } = (await sendAs('smas', 'upsertGuardians', at({ guardians }))).results[0]!.entity!
    const FIELDS = 'healthRecords { measuredOn heightCm weightKg provenance { application { code } } }'
    await consentTo('enetviet', code, id, 'CONTACT_BOOK')
    expect(await readOf('enetviet', code, FIELDS)).toEqual({ healthRecords: [] })
    await consentTo('enetviet', code, id, 'HEALTH')
    expect(await readOf('enetviet', code, FIELDS)).toEqual({
      healthRecords: [
        { measuredOn: '2026-10-05', heightCm: 152.5, weightKg: 42.2, provenance: { application: { code: 'smas' } } },
      ],
    })
  })

  test('the Sở renames a school: a product goes on writing by the code it knows, others stay outside by both', async () => {
    const own = await schoolOf(platform.database, 'misa-emis')
    const [standing] = await platform.database.sql<Sent>(
      `select school_id as id, name, levels, ownership, commune_code as "communeCode", address from schools.school where school_id = $1`,
      [own.id],
    )
    const renamed = await sendAs('can-bo-so', 'upsertSchools', { schools: [{ ...standing, code: 'MA-MOI-1' }] })
    expect(renamed.results[0]).toMatchObject({ status: 'UPDATED', entity: { code: 'MA-MOI-1', formerCodes: [own.code] } })
    const campus = {
      code: 'DT-1',
      name: 'Điểm trường Bắc',
      address: 'Thôn 3',
      communeCode: standing!.communeCode,
      validFrom: '2020-09-05',
    }
    const written = await sendAs('misa-emis', 'upsertCampuses', {
      school: { code: own.code },
      campuses: [{ ...campus, externalId: 'DT-e2e' }],
    })
    expect(statusesIn(written)).toEqual(['CREATED'])
    const query = `query ($ref: SchoolRef!) { school(ref: $ref) { code campuses { code address provenance { application { code } externalId } } } }`
    for (const code of [own.code, 'MA-MOI-1']) {
      const { data } = await ask<{ school: Sent }>('misa-emis', query, { ref: { code } })
      expect(data!.school).toEqual({
        code: 'MA-MOI-1',
        campuses: [{ code: 'DT-1', address: 'Thôn 3', provenance: { application: { code: 'misa-emis' }, externalId: 'DT-e2e' } }],
      })
      const stranger = (await schoolOf(platform.database, 'smas', { agreed: false })).id === own.id ? 'smas' : 'vietschool'
      expect(await codesAs(stranger, query, { ref: { code } })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
      const input = { school: { code }, campuses: [campus] }
      expect(await codesAs(stranger, documentOf('upsertCampuses'), { input })).toEqual(['SCHOOL_NOT_ACCESSIBLE'])
    }
    const refused = { input: { schools: [{ ...standing, code: 'MA-MOI-2' }] } }
    expect(await codesAs('misa-emis', documentOf('upsertSchools'), refused)).toEqual(['ACT_FORBIDDEN'])
  })
})
