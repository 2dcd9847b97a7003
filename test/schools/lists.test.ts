// Lists of the roster: filters, orders, search without diacritics, pages that neither lose nor repeat a record.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { personViewer, schoolOf } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { freshCode, keeper, pupil, schoolAtWork, send, YEAR, type SchoolAtWork } from './roster-kit.ts'

let database: TestDatabase
let subgraph: TestSubgraph
let smas: Viewer
let principal: Viewer
let school: SchoolAtWork

const NAMES = [
  'Nguyễn Văn An',
  'Nguyễn Thị Ánh',
  'Đỗ Đức Đạt',
  'Trần Hoàng Ân',
  'Lê Thị Thu An',
  'Hoàng Văn Ẩn',
  'Bùi Vân Anh',
  'Nguyễn Vân',
]

interface Pupil {
  code: string
  fullName: string
  updatedAt: string
}
interface Page<T> {
  nodes: T[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}

const STUDENTS = `query ($school: SchoolRef!, $filter: StudentFilter, $orderBy: PersonOrder, $first: Int = 200, $after: String) {
  list: students(school: $school, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { code fullName updatedAt } pageInfo { hasNextPage endCursor } } }`

async function students(variables: Record<string, unknown>, viewer = smas): Promise<Page<Pupil>> {
  const { data, errors } = await subgraph.ask<{ list: Page<Pupil> }>(viewer, STUDENTS, {
    school: { id: school.id },
    ...variables,
  })
  if (errors) throw new Error(JSON.stringify(errors))
  return data.list
}
/** Names among those of this story, in the order answered. */
const names = async (filter: object, more: object = {}): Promise<string[]> =>
  (await students({ filter: { codes, ...filter }, ...more })).nodes.map(({ fullName }) => fullName)

let codes: string[]

beforeAll(async () => {
  database = await freshDatabase()
  subgraph = await testSubgraph(database, 'schools')
  smas = await keeper(database, 'smas', 'student.basic.write', 'school.write', 'staff.write', 'staff.read')
  school = await schoolAtWork(database, smas)
  const [head] = await database.sql<{ email: string }>(
    `select a.email from identity.account a join access.membership m on m.account_id = a.id where m.school_id = $1 and a.role = 'PRINCIPAL'`,
    [school.id],
  )
  principal = await personViewer(database, head!.email)
  const sent = NAMES.map((fullName, index) =>
    pupil({
      fullName,
      sex: index % 2 === 0 ? 'MALE' : 'FEMALE',
      ...(index < 3 ? { classRoom: { id: school.rooms[0]!.id }, externalId: `HS-${index}` } : {}),
    }),
  )
  codes = sent.map(({ code }) => code as string)
  const { summary } = await send(subgraph, smas, 'upsertStudents', {
    school: { id: school.id },
    schoolYear: YEAR,
    students: sent,
  })
  expect(summary.created).toBe(NAMES.length)
})
afterAll(async () => {
  await subgraph?.close()
  await database?.drop()
})

describe('search by name', () => {
  test.each([
    ['nguyen van an', ['Nguyễn Văn An']],
    ['NGUYỄN  văn   an', ['Nguyễn Văn An']],
    ['Nguyễn Văn An'.normalize('NFD'), ['Nguyễn Văn An']],
    ['do duc dat', ['Đỗ Đức Đạt']],
    ['đạt', ['Đỗ Đức Đạt']],
    ['an', ['Nguyễn Văn An', 'Lê Thị Thu An', 'Nguyễn Thị Ánh', 'Bùi Vân Anh', 'Trần Hoàng Ân', 'Hoàng Văn Ẩn']],
    ['thi an', ['Lê Thị Thu An', 'Nguyễn Thị Ánh']],
    ['le an', ['Lê Thị Thu An']],
    ['nguyen van', ['Nguyễn Văn An', 'Nguyễn Vân']],
    ['nguyen v', ['Nguyễn Văn An', 'Nguyễn Vân']],
    // Parts in the wrong order, a part that is not whole, letters of another alphabet, and what is no word at all.
    ['an nguyen', []],
    ['ngu van an', []],
    ['%', []],
    ['_n', ['Nguyễn Thị Ánh', 'Nguyễn Văn An', 'Nguyễn Vân']],
    ['ан', []],
    ['', []],
    ['\u0000', []],
  ])('%j finds %j', async (search, found) => {
    expect((await names({ search })).sort()).toEqual([...found].sort())
  })

  test('what a search finds is of the school alone, and of a stranger’s school there is nothing to search', async () => {
    const foreign = await schoolOf(database, 'smas', { agreed: false })
    const answers = await Promise.all(
      [foreign.id, '00000000-0000-7000-8000-000000000000'].map((id) =>
        subgraph.ask(smas, STUDENTS, { school: { id }, filter: { search: 'an' } }),
      ),
    )
    expect(answers.map(codesOf)).toEqual([['SCHOOL_NOT_ACCESSIBLE'], ['SCHOOL_NOT_ACCESSIBLE']])
    expect(answers[0]).toEqual(answers[1])
  })

  test('schools are found by the beginnings of words of their names', async () => {
    const { data } = await subgraph.ask<{ schools: Page<{ name: string }> }>(
      smas,
      `{ schools(first: 50, filter: { search: "thpt" }, orderBy: NAME) { nodes { name } } }`,
    )
    expect(data.schools.nodes.length).toBeGreaterThan(0)
    expect(data.schools.nodes.every(({ name }) => name.includes('THPT'))).toBe(true)
    const none = await subgraph.ask<{ schools: Page<object> }>(
      smas,
      `{ schools(first: 50, filter: { search: "hpt" }) { nodes { id } } }`,
    )
    expect(none.data.schools.nodes).toEqual([])
  })
})

describe('order', () => {
  test('names stand as Vietnamese lists have them: given name first with its tone, ă before â, then the family', async () => {
    expect(await names({})).toEqual([
      'Lê Thị Thu An',
      'Nguyễn Văn An',
      'Bùi Vân Anh',
      'Nguyễn Thị Ánh',
      'Trần Hoàng Ân',
      'Hoàng Văn Ẩn',
      'Đỗ Đức Đạt',
      'Nguyễn Vân',
    ])
  })

  test('codes stand by code', async () => {
    const { nodes } = await students({ filter: { codes }, orderBy: 'CODE' })
    expect(nodes.map(({ code }) => code)).toEqual([...codes].sort())
  })
})

describe('filters', () => {
  test.each([
    ['sex', { sex: 'FEMALE' }, 4],
    ['no class', { hasClass: false }, 5],
    ['a grade', { grades: [10] }, 3],
    ['a grade of nobody', { grades: [12] }, 0],
    ['a school year', { schoolYear: YEAR }, 3],
    ['a school year that is none', { schoolYear: '1999-2000' }, 0],
    ['an own id', { hasExternalId: true }, 3],
    ['no own id', { hasExternalId: false }, 5],
    ['a status', { statuses: ['STUDYING'] }, 8],
    ['a status of nobody', { statuses: ['GRADUATED', 'DEFERRED'] }, 0],
    ['no status at all', { statuses: [] }, 0],
    ['no code at all', { codes: [] }, 0],
    ['a class that is none', { classRoomId: 'x' }, 0],
  ])('%s', async (_what, filter, count) => {
    expect((await names(filter)).length).toBe(count)
  })

  test('a class together with a search and with codes', async () => {
    const classRoomId = school.rooms[0]!.id.toUpperCase()
    expect(await names({ classRoomId, search: 'an' })).toEqual(['Nguyễn Văn An', 'Nguyễn Thị Ánh'])
    expect(await names({ classRoomId })).toEqual(['Nguyễn Văn An', 'Nguyễn Thị Ánh', 'Đỗ Đức Đạt'])
    const whole = await students({ filter: { classRoomId } })
    expect(whole.nodes.length).toBeGreaterThan(3)
  })

  test('the own ids of an application are nobody else’s', async () => {
    const { nodes } = await students({ filter: { codes, hasExternalId: true } }, principal)
    expect(nodes).toEqual([])
  })

  test('what changed later than the last record read comes next, and nothing again', async () => {
    const before = await students({ filter: { codes }, orderBy: 'UPDATED_AT' })
    const updatedAfter = before.nodes.at(-1)!.updatedAt
    expect((await students({ filter: { codes, updatedAfter }, orderBy: 'UPDATED_AT' })).nodes).toEqual([])
    const { summary } = await send(subgraph, smas, 'upsertStudents', {
      school: { id: school.id },
      schoolYear: YEAR,
      students: [pupil({ code: codes[7], fullName: 'Nguyễn Vân', sex: 'FEMALE', birthplace: 'Thanh Hóa' })],
    })
    expect(summary.updated).toBe(1)
    const changed = await students({ filter: { codes, updatedAfter }, orderBy: 'UPDATED_AT' })
    expect(changed.nodes.map(({ code }) => code)).toEqual([codes[7]])
  })

  test('more than 1,000 codes are refused', async () => {
    const answer = await subgraph.ask(smas, STUDENTS, {
      school: { id: school.id },
      filter: { codes: Array.from({ length: 1_001 }, () => freshCode()) },
    })
    expect(codesOf(answer)).toEqual(['LIST_TOO_LONG'])
  })

  test('classes without a homeroom teacher, with pupils, of a level, by name', async () => {
    const { summary } = await send(subgraph, smas, 'upsertClasses', {
      school: { id: school.id },
      schoolYear: YEAR,
      classes: [{ name: '10Z', grade: 10, level: 'THPT' }],
    })
    expect(summary.created).toBe(1)
    const ask = async (filter: object): Promise<string[]> => {
      const { data, errors } = await subgraph.ask<{ school: { classRooms: Page<{ name: string }> } }>(
        smas,
        `query ($s: SchoolRef!, $f: ClassRoomFilter) { school(ref: $s) { classRooms(first: 200, filter: $f) { nodes { name } } } }`,
        { s: { id: school.id }, f: filter },
      )
      expect(errors).toBeUndefined()
      return data.school.classRooms.nodes.map(({ name }) => name)
    }
    const all = await ask({ schoolYear: YEAR })
    expect(await ask({ hasHomeroomTeacher: false, hasStudents: false, grade: 10 })).toEqual(['10Z'])
    expect(await ask({ names: ['10Z', 'no such'], level: 'THPT' })).toEqual(['10Z'])
    expect(await ask({ names: ['10Z'], level: 'TH' })).toEqual([])
    expect(
      [...(await ask({ hasStudents: true, schoolYear: YEAR })), ...(await ask({ hasStudents: false, schoolYear: YEAR }))].sort(),
    ).toEqual([...all].sort())
  })

  test('staff by search, position, status and assignment', async () => {
    const code = freshCode()
    await send(subgraph, smas, 'upsertStaff', {
      school: { id: school.id },
      staff: [{ code, fullName: 'Phạm Đức Quyết', sex: 'MALE', position: 'TEACHER', status: 6 }],
    })
    const ask = async (filter: object): Promise<string[]> => {
      const { data, errors } = await subgraph.ask<{ staff: Page<{ code: string }> }>(
        smas,
        `query ($s: SchoolRef!, $f: StaffFilter) { staff(school: $s, first: 500, filter: $f, orderBy: NAME) { nodes { code } } }`,
        { s: { id: school.id }, f: filter },
      )
      expect(errors).toBeUndefined()
      return data.staff.nodes.map((each) => each.code)
    }
    expect(await ask({ search: 'pham duc quyet' })).toContain(code)
    expect(await ask({ codes: [code], hasAssignment: false, statuses: [6], positions: ['TEACHER'], sex: 'MALE' })).toEqual([code])
    expect(await ask({ codes: [code], hasAssignment: true })).toEqual([])
    expect(await ask({ codes: [code], statuses: [1] })).toEqual([])
    expect(await ask({ codes: [code], positions: ['PRINCIPAL'] })).toEqual([])
    expect((await ask({ hasAssignment: true })).length).toBeGreaterThan(0)
  })
})

describe('pages', () => {
  test.each(['NAME', 'CODE', 'UPDATED_AT'])(
    'pages by %s hold every pupil once, in the order of one long page',
    async (orderBy) => {
      const whole = (await students({ orderBy, first: 1_000 })).nodes.map(({ code }) => code)
      const paged: string[] = []
      let after: string | null = null
      for (;;) {
        const page: Page<Pupil> = await students({ orderBy, first: 37, after })
        paged.push(...page.nodes.map(({ code }) => code))
        if (!page.pageInfo.hasNextPage) break
        after = page.pageInfo.endCursor
      }
      expect(paged).toEqual(whole)
      expect(new Set(paged).size).toBe(paged.length)
    },
  )

  test('a cursor of another filter, order, list or caller is refused', async () => {
    const { pageInfo } = await students({ first: 2 })
    const refused = async (variables: object, viewer = smas): Promise<unknown[]> =>
      codesOf(
        await subgraph.ask(viewer, STUDENTS, { school: { id: school.id }, first: 2, after: pageInfo.endCursor, ...variables }),
      )
    expect(await refused({})).toEqual([])
    expect(await refused({ filter: {} })).toEqual([])
    expect(await refused({ filter: { sex: 'MALE' } })).toEqual(['CURSOR_INVALID'])
    expect(await refused({ filter: { search: 'an' } })).toEqual(['CURSOR_INVALID'])
    expect(await refused({ orderBy: 'CODE' })).toEqual(['CURSOR_INVALID'])
    expect(await refused({}, principal)).toEqual(['CURSOR_INVALID'])
  })
})

describe('who may', () => {
  test.each([
    ['students', 'student.basic.read', `{ students(school: $s) { nodes { id } } }`],
    ['staff', 'staff.read', `{ staff(school: $s) { nodes { id } } }`],
    ['classRooms', 'school.read', `{ classRooms(school: $s) { nodes { id } } }`],
  ])('%s asks for the scope %s', async (_list, scope, body) => {
    const ask = (viewer: Viewer) => subgraph.ask(viewer, `query ($s: SchoolRef!) ${body}`, { s: { id: school.id } })
    expect(codesOf(await ask(smas))).toEqual([])
    expect(codesOf(await ask({ ...smas, scopes: smas.scopes.filter((each) => each !== scope) }))).toEqual(['SCOPE_MISSING'])
  })

  test('where the school’s agreement leaves the pupils out, the list is empty', async () => {
    const other = await schoolOf(database, 'smas', { level: 'TH' })
    const ask = () => subgraph.ask<{ list: Page<Pupil> }>(smas, STUDENTS, { school: { id: other.id } })
    expect((await ask()).data.list.nodes.length).toBeGreaterThan(0)
    await database.sql(
      `update access.school_grant set scopes = array_remove(scopes, 'student.basic.read') where application_id = $1 and school_id = $2`,
      [smas.applicationId, other.id],
    )
    expect((await ask()).data.list.nodes).toEqual([])
  })

  test('terms of the agreement cut every list and every search', async () => {
    await database.sql(`update access.school_grant set levels = '{TH}' where application_id = $1 and school_id = $2`, [
      smas.applicationId,
      school.id,
    ])
    expect((await students({})).nodes).toEqual([])
    expect(await names({ search: 'an' })).toEqual([])
    await database.sql(`update access.school_grant set levels = '{}' where application_id = $1 and school_id = $2`, [
      smas.applicationId,
      school.id,
    ])
    expect((await names({ search: 'nguyen van an' })).length).toBe(1)
  })
})
