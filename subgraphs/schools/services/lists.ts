// The roster's pages: schools open to the caller, classes, pupils and staff of a school.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { listedSchools } from '../../kernel/school-ref.ts'
import type { Scope } from '../../kernel/scopes.ts'
import { isStorable } from '../../kernel/text.ts'
import { searchOfName, searchOfTitle, type NameSearch } from '../roster/search.ts'
import {
  PersonOrder,
  type ClassRoomFilter,
  type ClassRoomOrder,
  type SchoolFilter,
  type SchoolOrder,
  type StaffFilter,
  type StudentFilter,
} from '../schema/filters.ts'
import type { ClassRoom, School, Staff, Student } from '../schema/types.ts'
import * as sql from '../store/list-queries.ts'

const VALUES_MAX = 1_000
const NOBODY = '00000000-0000-0000-0000-000000000000'

interface ListRequest {
  readonly name: string
  readonly scope: Scope
  /** Null: the schools open to the caller. */
  readonly schoolId: string | null
  readonly filter: object | null | undefined
  readonly order: sql.OrderName
  readonly page: PageArgs
  readonly text: string
  readonly more: readonly unknown[]
  readonly changedAfter: string | null
  readonly hasExternalId: boolean | null
}

type Positioned = { id: string; code?: string; sortName?: string; updatedAt: string; grade?: number; name?: string }

const POSITION: Readonly<Record<sql.OrderName, (row: Positioned) => readonly unknown[]>> = {
  CODE: ({ code, id }) => [code, id],
  NAME: ({ sortName, id }) => [sortName, id],
  UPDATED_AT: ({ updatedAt, id }) => [updatedAt, id],
  GRADE_AND_NAME: ({ grade, name, id }) => [grade, name, id],
}

function list<R extends Positioned>(
  context: SubgraphContext,
  request: ListRequest,
  touch: (row: R) => void,
): Promise<Connection<R>> {
  const { name, scope, schoolId, filter, order, page, text, more, changedAfter, hasExternalId } = request
  return readPage<R>(context, {
    list: [name, schoolId, order, given(filter)],
    page,
    position: POSITION[order],
    read: (after, limit) =>
      context.database.read(context, { scope, schools: schoolId === null ? null : [schoolId] }, async (tx: Transaction) => {
        const rows = await tx.query<R & Record<string, unknown>>(text, [
          schoolId ?? tx.schools,
          ...(after ?? sql.beginningOf(order)),
          changedAfter,
          hasExternalId,
          context.viewer.applicationId,
          ...more,
          limit,
        ])
        for (const row of rows.slice(0, page.first)) touch(row)
        return rows
      }),
  })
}

/** What of a filter is given, in one order: a cursor does not mind how its filter was written down. */
function given(filter: object | null | undefined): unknown {
  return Object.entries(filter ?? {})
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
}

/** The values that a record can have at all; PostgreSQL would refuse the whole request for one that no text holds. */
function storable(values: readonly string[] | null | undefined): readonly string[] | null {
  if (!values) return null
  if (values.length > VALUES_MAX)
    throw new PlatformError('LIST_TOO_LONG', {
      message: `A filter names at most ${VALUES_MAX} values; ${values.length} were given.`,
      messageVi: `Bộ lọc nêu tối đa ${VALUES_MAX} giá trị; đã nêu ${values.length}.`,
    })
  return values.filter(isStorable).map((value) => value.normalize('NFC'))
}

const word = (value: string | null | undefined): string | null =>
  value === null || value === undefined ? null : isStorable(value) ? value : ''

/** Null: not searched. What holds no word at all finds nobody, and is asked for all the same. */
function nameSearch(text: string | null | undefined): NameSearch | null {
  if (text === null || text === undefined) return null
  const nobody = { givenFrom: '', givenTo: '', pattern: '', nameFrom: '', nameTo: '' }
  return (isStorable(text) ? searchOfName(text) : null) ?? nobody
}

const searched = (search: NameSearch | null): readonly unknown[] =>
  search === null ? [] : [search.givenFrom, search.givenTo, search.pattern, search.nameFrom, search.nameTo]

const common = (filter: SchoolFilter | ClassRoomFilter | StudentFilter | StaffFilter | null | undefined) => ({
  filter,
  changedAfter: filter?.updatedAfter ?? null,
  hasExternalId: filter?.hasExternalId ?? null,
})

/** Codes that schools had mean the schools that they lead to; what leads nowhere stays, and finds nothing. */
async function presentCodes(context: SubgraphContext, codes: readonly string[] | null): Promise<readonly string[] | null> {
  if (codes === null) return null
  const listed = await context.database.read(context, { scope: 'school.read' }, (tx) => listedSchools(tx, codes))
  return [...new Set(codes.map((code) => listed.get(code)?.code ?? code))]
}

export async function listSchools(
  context: SubgraphContext,
  filter: SchoolFilter | null | undefined,
  order: SchoolOrder,
  page: PageArgs,
): Promise<Connection<School>> {
  const codes = await presentCodes(context, storable(filter?.codes))
  const title = filter?.search === null || filter?.search === undefined ? null : (searchOfTitle(filter.search) ?? '')
  return list<School>(
    context,
    {
      ...common(filter),
      name: 'schools',
      scope: 'school.read',
      schoolId: null,
      order,
      page,
      text: sql.schoolPage(order, codes ? 'CODES' : 'ALL'),
      more: [...(codes ? [codes] : []), filter?.level ?? null, word(filter?.communeCode), filter?.ownership ?? null, title],
    },
    ({ id }) => context.touched.schools.add(id),
  )
}

export function listClassRooms(
  context: SubgraphContext,
  schoolId: string,
  filter: ClassRoomFilter | null | undefined,
  order: ClassRoomOrder,
  page: PageArgs,
): Promise<Connection<ClassRoom>> {
  return list<ClassRoom>(
    context,
    {
      ...common(filter),
      name: 'classRooms',
      scope: 'school.read',
      schoolId,
      order,
      page,
      text: sql.classRoomPage(order),
      more: [
        word(filter?.schoolYear),
        filter?.grade ?? null,
        filter?.level ?? null,
        storable(filter?.names),
        filter?.hasHomeroomTeacher ?? null,
        filter?.hasStudents ?? null,
      ],
    },
    () => undefined,
  )
}

export function listStudents(
  context: SubgraphContext,
  schoolId: string,
  filter: StudentFilter | null | undefined,
  order: PersonOrder,
  page: PageArgs,
): Promise<Connection<Student>> {
  const search = nameSearch(filter?.search)
  const codes = storable(filter?.codes)
  const room = filter?.classRoomId ? (uuidOf(filter.classRoomId) ?? NOBODY) : null
  const by: sql.WayIn = search ? 'SEARCH' : codes ? 'CODES' : room ? 'CLASS' : 'ALL'
  return list<Student & Positioned>(
    context,
    {
      ...common(filter),
      name: 'students',
      scope: 'student.basic.read',
      schoolId,
      order,
      page,
      text: sql.studentPage(order, by),
      more: [
        ...(by === 'CLASS' ? [room] : by === 'CODES' ? [codes] : searched(search)),
        by === 'CLASS' ? null : room,
        by === 'CODES' ? null : codes,
        filter?.statuses ?? null,
        filter?.sex ?? null,
        filter?.hasClass ?? null,
        filter?.grades ?? null,
        word(filter?.schoolYear),
      ],
    },
    ({ id }) => context.touched.students.add(id),
  )
}

export function listStaff(
  context: SubgraphContext,
  schoolId: string,
  filter: StaffFilter | null | undefined,
  order: PersonOrder,
  page: PageArgs,
): Promise<Connection<Staff>> {
  const search = nameSearch(filter?.search)
  const codes = storable(filter?.codes)
  const by = search ? 'SEARCH' : codes ? 'CODES' : 'ALL'
  return list<Staff & Positioned>(
    context,
    {
      ...common(filter),
      name: 'staff',
      scope: 'staff.read',
      schoolId,
      order,
      page,
      text: sql.staffPage(order, by),
      more: [
        ...(by === 'CODES' ? [codes] : searched(search)),
        by === 'CODES' ? null : codes,
        filter?.statuses ?? null,
        storable(filter?.positions),
        filter?.sex ?? null,
        filter?.hasAssignment ?? null,
      ],
    },
    () => undefined,
  )
}
