// The SQL of the roster's lists. A statement is put together of its order and of the one way in that an index serves; what remains
// of a filter is asked of the rows that way in brings, so that no combination of filters makes a statement of its own.
//
// Row policies let only leakproof comparisons reach an index: =, <, > and any() of text, numbers and times are; `like`, arrays and
// regular expressions are not. So a prefix is written as a range, and the pattern of a search looks only at what the range left.
import { CLASS_ROOM, SCHOOL, STAFF, STUDENT } from './queries.ts'

/** Parameters of a statement, numbered as they come. */
class Parameters {
  readonly #types: string[] = []
  /** `$n::type` of the next one; said again, the same one. */
  next(type: string): string {
    this.#types.push(type)
    return `$${this.#types.length}::${type}`
  }
}

interface Order {
  /** Column and type; the id comes after it. */
  readonly by: readonly (readonly [column: string, type: string])[]
}

const BY_CHANGE: Order = { by: [['updated_at', 'timestamptz']] }
const BY_CODE: Order = { by: [['code', 'text']] }
const BY_NAME: Order = { by: [['sort_name', 'text']] }
const BY_GRADE: Order = {
  by: [
    ['grade', 'int'],
    ['name', 'text'],
  ],
}

export const ORDERS = { NAME: BY_NAME, CODE: BY_CODE, UPDATED_AT: BY_CHANGE, GRADE_AND_NAME: BY_GRADE } as const
export type OrderName = keyof typeof ORDERS

const NOBODY = '00000000-0000-0000-0000-000000000000'
const FIRST = { text: '', timestamptz: '-infinity', int: -1 } as const

/** What stands before the first record: the keyset predicate is always there, so that the plan of the first page is that of the last. */
export const beginningOf = (order: OrderName): readonly unknown[] => [
  ...ORDERS[order].by.map(([, type]) => FIRST[type as keyof typeof FIRST]),
  NOBODY,
]

interface List {
  readonly columns: string
  readonly from: string
  readonly id: string
  readonly entity: 'SCHOOL' | 'CLASS_ROOM' | 'STAFF' | 'STUDENT'
  /** The school, or the schools. */
  readonly within: (parameter: Parameters) => string
}

/** `$n is null or …`: a condition that may be left out, over the rows that the way in brought. */
const optional = (p: Parameters, type: string, condition: (value: string) => string): string => {
  const value = p.next(type)
  return `(${value} is null or ${condition(value)})`
}

const NAME_SEARCH = (p: Parameters): string[] => {
  const [givenFrom, givenTo, pattern, nameFrom, nameTo] = ['text', 'text', 'text', 'text', 'text'].map((type) => p.next(type))
  const begins = `(s.plain_name >= ${nameFrom} and s.plain_name < ${nameTo})`
  return [
    `((s.plain_given_first >= ${givenFrom} and s.plain_given_first < ${givenTo}) or ${begins})`,
    `(replace(s.plain_given_first, ' ', '  ') || ' ' like ${pattern} or ${begins})`,
  ]
}

function statement(
  { columns, from, id, entity, within }: List,
  order: OrderName,
  conditions: (p: Parameters) => readonly string[],
): string {
  const p = new Parameters()
  const { by } = ORDERS[order]
  const keys = [...by.map(([column]) => `s.${column}`), `s.${id}`]
  const all = [
    within(p),
    `(${keys.join(', ')}) > (${[...by.map(([, type]) => p.next(type)), p.next('uuid')].join(', ')})`,
    ...changedAfter(p),
    ownId(p, entity, id),
    ...conditions(p),
  ]
  const position = order === 'NAME' ? `, s.sort_name as "sortName"` : ''
  return `
select ${columns}${position}
from ${from}
where ${all.join('\n  and ')}
order by ${keys.join(', ')}
limit ${p.next('int')}`
}

/** Always a bound, so that an index in the order of changes begins at it. */
const changedAfter = (p: Parameters): string[] => [`s.updated_at > coalesce(${p.next('timestamptz')}, '-infinity')`]

/** Index external_reference_by_entity. */
function ownId(p: Parameters, entity: List['entity'], id: string): string {
  const has = p.next('boolean')
  return `(${has} is null or ${has} = exists (
    select 1
    from schools.external_reference x
    where x.school_id = s.school_id
      and x.entity_id = s.${id}
      and x.application_id = ${p.next('uuid')}
      and x.entity = '${entity}'))`
}

const ofSchool = (p: Parameters): string => `s.school_id = ${p.next('uuid')}`

/** Statements by their own words, each made once. */
function remembered<A extends readonly unknown[]>(make: (...words: A) => string): (...words: A) => string {
  const made = new Map<string, string>()
  return (...words) => {
    const key = words.join('/')
    let text = made.get(key)
    if (!text) made.set(key, (text = make(...words)))
    return text
  }
}

/** Which schools are open is a list; of these a few thousand at most, so the filters look at them one by one. */
export const schoolPage = remembered((order: 'CODE' | 'NAME' | 'UPDATED_AT', by: 'ALL' | 'CODES'): string =>
  statement(
    {
      columns: SCHOOL,
      from: 'schools.school s',
      id: 'school_id',
      entity: 'SCHOOL',
      within: (p) => `s.school_id = any (${p.next('uuid[]')})`,
    },
    order,
    (p) => [
      ...(by === 'CODES' ? [`s.code = any (${p.next('text[]')})`] : []),
      optional(p, 'text', (level) => `${level} = any (s.levels)`),
      optional(p, 'text', (commune) => `s.commune_code = ${commune}`),
      optional(p, 'int', (ownership) => `s.ownership = ${ownership}`),
      optional(p, 'text', (pattern) => `' ' || s.plain_name like ${pattern}`),
    ],
  ),
)

/** Some dozens of classes a year. Indexes class_room_by_grade, class_room_by_change, class_room_name_unique. */
export const classRoomPage = remembered((order: 'GRADE_AND_NAME' | 'UPDATED_AT'): string =>
  statement(
    {
      columns: CLASS_ROOM.replaceAll('c.', 's.'),
      from: 'schools.class_room s',
      id: 'id',
      entity: 'CLASS_ROOM',
      within: ofSchool,
    },
    order,
    (p) => [
      optional(p, 'text', (year) => `s.school_year_id = (select y.id from schools.school_year y where y.code = ${year})`),
      optional(p, 'int', (grade) => `s.grade = ${grade}`),
      optional(p, 'text', (level) => `s.level = ${level}`),
      optional(p, 'text[]', (names) => `s.name = any (${names})`),
      optional(p, 'boolean', (has) => `${has} = ${existsOf('homeroom_assignment', 'class_id', 'o.ended_on is null')}`),
      optional(p, 'boolean', (has) => `${has} = ${existsOf('student', 'class_id', `o.status = 'STUDYING'`)}`),
    ],
  ),
)

const existsOf = (table: string, column: string, also: string): string => `exists (
    select 1
    from schools.${table} o
    where o.school_id = s.school_id
      and o.${column} = s.id
      and ${also})`

/**
 * The way in: all pupils of the school in the order asked for (student_by_name, student_code_unique, student_by_change), those of a
 * class (student_by_class), those with certain codes (student_code_unique), or those whose name fits (student_by_given_name and
 * student_by_plain_name).
 */
export type WayIn = 'ALL' | 'CLASS' | 'CODES' | 'SEARCH'

export const studentPage = remembered((order: 'NAME' | 'CODE' | 'UPDATED_AT', by: WayIn): string =>
  statement({ columns: STUDENT, from: 'schools.student s', id: 'id', entity: 'STUDENT', within: ofSchool }, order, (p) => [
    ...(by === 'CLASS' ? [`s.class_id = ${p.next('uuid')}`] : []),
    ...(by === 'CODES' ? [`s.code = any (${p.next('text[]')})`] : []),
    ...(by === 'SEARCH' ? NAME_SEARCH(p) : []),
    optional(p, 'uuid', (room) => `s.class_id = ${room}`),
    optional(p, 'text[]', (codes) => `s.code = any (${codes})`),
    optional(p, 'text[]', (statuses) => `s.status = any (${statuses})`),
    optional(p, 'text', (sex) => `s.sex = ${sex}`),
    optional(p, 'boolean', (has) => `${has} = (s.class_id is not null)`),
    optional(
      p,
      'int[]',
      (grades) =>
        `s.class_id in (select c.id from schools.class_room c where c.school_id = s.school_id and c.grade = any (${grades}))`,
    ),
    optional(
      p,
      'text',
      (year) => `s.class_id in (
    select c.id
    from schools.class_room c
    join schools.school_year y on y.id = c.school_year_id
    where c.school_id = s.school_id
      and y.code = ${year})`,
    ),
  ]),
)

/** A school has some hundred staff at most: staff_by_name, staff_code_unique, staff_by_change. */
export const staffPage = remembered((order: 'NAME' | 'CODE' | 'UPDATED_AT', by: 'ALL' | 'CODES' | 'SEARCH'): string =>
  statement({ columns: STAFF, from: 'schools.staff s', id: 'id', entity: 'STAFF', within: ofSchool }, order, (p) => [
    ...(by === 'CODES' ? [`s.code = any (${p.next('text[]')})`] : []),
    ...(by === 'SEARCH' ? NAME_SEARCH(p) : []),
    optional(p, 'text[]', (codes) => `s.code = any (${codes})`),
    optional(p, 'int[]', (statuses) => `s.status = any (${statuses})`),
    optional(p, 'text[]', (positions) => `s.position = any (${positions})`),
    optional(p, 'text', (sex) => `s.sex = ${sex}`),
    optional(p, 'boolean', (has) => `${has} = ${existsOf('teaching_assignment', 'staff_id', 'o.active')}`),
  ]),
)
