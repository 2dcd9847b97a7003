// Variables with which an example says something: found by asking, as the party itself, what is open to it.
import type { ExplorerExample, ExplorerParty, ExplorerSchool, ExplorerSession } from '../session.ts'
import type { GraphQLAnswer } from './ask.ts'
import lookup from './lookup.graphql'

export type Lookup = (operationName: string, variables: unknown) => Promise<GraphQLAnswer>

interface Term {
  readonly level: string
  readonly code: string
  readonly startsOn: string
  readonly endsOn: string
}

interface SchoolsForExample {
  readonly schools: { readonly nodes: readonly { readonly code: string; readonly levels: readonly string[] }[] }
  readonly schoolYears: readonly {
    readonly code: string
    readonly startsOn: string
    readonly endsOn: string
    readonly terms: readonly Term[]
  }[]
}

interface ClassesForExample {
  readonly school: { readonly classRooms: { readonly nodes: readonly { readonly name: string; readonly level: string }[] } }
}

interface ClassForExample {
  readonly classRoom: {
    readonly students: readonly { readonly code: string }[]
    readonly teachingAssignments: readonly {
      readonly subject: { readonly code: string; readonly assessment: string } | null
      readonly term: { readonly code: string } | null
      readonly teacher: { readonly code: string } | null
    }[]
  }
}

export const LOOKUP_DOCUMENT = lookup

/** Nothing that would fit: said in both languages, because a person reads it. */
export class NothingFits extends Error {
  readonly messageVi: string

  constructor(messageVi: string, message: string) {
    super(message)
    this.messageVi = messageVi
  }
}

async function lookUp<T>(ask: Lookup, operationName: string, variables: unknown): Promise<T> {
  const { data, errors } = await ask(operationName, variables)
  const [fault] = errors ?? []
  if (fault) throw new NothingFits(fault.extensions?.messageVi ?? fault.message, fault.message)
  return data as T
}

const covers = (day: string) => (span: { readonly startsOn: string; readonly endsOn: string }) =>
  span.startsOn <= day && day <= span.endsOn

/** Upper levels first: they have marks in numbers. */
const LEVELS = ['THPT', 'THCS', 'TH']
const rank = (levels: readonly string[]): number => {
  const place = LEVELS.findIndex((level) => levels.includes(level))
  return place === -1 ? LEVELS.length : place
}

/** A school whose agreement opens all that the example needs; people have their scopes everywhere. */
const opens = (school: ExplorerSchool, example: ExplorerExample): boolean =>
  school.scopes.length === 0 || example.scopes.every((scope) => school.scopes.includes(scope))

interface FoundClass {
  readonly school: { readonly code: string }
  readonly schoolYear: string
  readonly name: string
  readonly level: string
  readonly term: string
}

async function findClass(example: ExplorerExample, party: ExplorerParty, today: string, ask: Lookup): Promise<FoundClass> {
  const { schools, schoolYears } = await lookUp<SchoolsForExample>(ask, 'SchoolsForExample', {})
  const year = schoolYears.find(covers(today)) ?? schoolYears[0]
  const fitting = new Set(party.schools.filter((school) => opens(school, example)).map(({ code }) => code))
  const candidates = schools.nodes.filter(({ code }) => fitting.has(code)).toSorted((a, b) => rank(a.levels) - rank(b.levels))
  for (const { code } of candidates) {
    if (!year) break
    const found = await lookUp<ClassesForExample>(ask, 'ClassesForExample', { school: { code }, schoolYear: year.code })
    const room = found.school.classRooms.nodes.toSorted((a, b) => rank([a.level]) - rank([b.level]))[0]
    if (!room) continue
    const terms = year.terms.filter(({ level }) => level === room.level)
    const term = terms.find(covers(today)) ?? terms[0]
    return { school: { code }, schoolYear: year.code, name: room.name, level: room.level, term: term?.code ?? 'HKI' }
  }
  throw new NothingFits(
    'Không trường nào mở đủ phạm vi quyền cho ví dụ này.',
    'No school opens all the scopes that this example needs.',
  )
}

const keyOf = ({ school, schoolYear, name }: FoundClass) => ({ key: { school, schoolYear, name } })

async function scoresOf(found: FoundClass, ask: Lookup): Promise<unknown> {
  const { school, schoolYear, name, level, term } = found
  const { classRoom } = await lookUp<ClassForExample>(ask, 'ClassForExample', { classRoom: keyOf(found) })
  const teaching = classRoom.teachingAssignments.filter(
    (assignment) => assignment.term?.code === term && assignment.subject?.assessment === 'SCORED' && assignment.teacher,
  )
  const { subject, teacher } = teaching.find((assignment) => assignment.subject?.code === 'TOAN') ?? teaching[0] ?? {}
  const pupils = classRoom.students.slice(0, 4)
  if (!subject || !teacher || pupils.length === 0) {
    throw new NothingFits(
      'Lớp này chưa có học sinh hoặc phân công môn tính điểm.',
      'This class has no pupils, or nobody teaches it a scored subject.',
    )
  }
  const enteredBy = { code: teacher.code }
  // A primary school gives marks in numbers only at the end of a term, and whole ones (TT27/2020, Điều 7).
  const place = level === 'TH' ? { kind: 'FINAL', ordinal: 1 } : { kind: 'REGULAR', ordinal: 4 }
  const scores = pupils.map(({ code }, index) => ({ student: { code }, ...place, value: [8, 11, 7, 9][index], enteredBy }))
  return { input: { school, schoolYear, classRoom: { name }, subject: subject.code, term, mode: 'PARTIAL', scores } }
}

/** A school of other parties that has no agreement with this one. */
function foreignSchool(session: ExplorerSession, party: ExplorerParty): unknown {
  const own = new Set(party.schools.map(({ code }) => code))
  const foreign = session.parties.flatMap(({ schools }) => schools).find(({ code }) => !own.has(code))
  if (!foreign) throw new NothingFits('Bên này được mở mọi trường.', 'Every school is open to this party.')
  return { school: { code: foreign.code } }
}

export async function prefill(
  example: ExplorerExample,
  party: ExplorerParty,
  session: ExplorerSession,
  ask: Lookup,
): Promise<unknown> {
  const { today } = session
  switch (example.prefill) {
    case 'none':
      return {}
    case 'month':
      return { month: today.slice(0, 7) }
    case 'today':
      return { filter: { from: `${today}T00:00:00+07:00` } }
    case 'foreignSchool':
      return foreignSchool(session, party)
    default: {
      const found = await findClass(example, party, today, ask)
      if (example.prefill === 'scores') return scoresOf(found, ask)
      return { classRoom: keyOf(found), ...(example.prefill === 'classTerm' ? { term: found.term } : {}) }
    }
  }
}
