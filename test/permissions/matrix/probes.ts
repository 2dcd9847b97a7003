// The shortest way to every type of the contract, made from the contract: what is asked, and how the answer is read.
import { readFileSync } from 'node:fs'
import {
  buildASTSchema,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql'
import { SUBJECTS, type Place, type Subject } from './subjects.ts'

export const contract = buildASTSchema(
  parse(readFileSync(new URL('../../../schema/contract.graphql', import.meta.url), 'utf8')),
  {
    assumeValid: true,
  },
)

/** A way in: a root field with its arguments, asked about the things of one school. */
const ROOTS: Readonly<Record<string, string>> = {
  agreements: 'agreements(schoolId: $school, applicationId: $application)',
  agreementProposals: 'agreementProposals(schoolId: $school, applicationId: $application)',
  agreementDifference: 'agreementDifference(change: {proposalId: $proposal})',
  consents: 'consents(student: {id: $student}, application: {id: $application})',
  registryEvents: 'registryEvents(filter: {schoolId: $school, applicationId: $application})',
  school: 'school(ref: {id: $school})',
  classRoom: 'classRoom(ref: {id: $class})',
  student: 'student(ref: {id: $student})',
  application: 'application(ref: {id: $application})',
  knownDocuments: 'knownDocuments(application: {id: $application})',
  unknownDocuments: 'unknownDocuments(application: {id: $application})',
  viewer: 'viewer',
  scopes: 'scopes',
  explainAccess: 'explainAccess(document: "{ schools { nodes { name } } }")',
  vendors: 'vendors',
  applications: 'applications(first: 100)',
  authorities: 'authorities',
  schoolYears: 'schoolYears',
  subjects: 'subjects',
  codeLists: 'codeLists',
  fieldOwners: 'fieldOwners(school: {id: $school})',
  conflicts: 'conflicts(school: {id: $school})',
  identityMatches: 'identityMatches(school: {id: $school})',
  studentMerges: 'studentMerges(school: {id: $school})',
  classRooms: 'classRooms(school: {id: $school})',
  students: 'students(school: {id: $school})',
  staff: 'staff(school: {id: $school})',
  administrativeUnits: 'administrativeUnits',
  transferClaims: 'transferClaims',
  schools: 'schools',
  auditEvents: 'auditEvents(first: 5)',
  contactBookReport: 'contactBookReport(month: "2026-10")',
  softwareInUse: 'softwareInUse',
  dataFreshness: 'dataFreshness',
  schoolFreshness: 'schoolFreshness(first: 100)',
  freshnessThresholds: 'freshnessThresholds',
  sandboxTenants: 'sandboxTenants',
  sandboxTenant: 'sandboxTenant(id: $tenant)',
}
/** Lists of one school: the school comes first. */
const OF_SCHOOL = ['fieldOwners', 'conflicts', 'classRooms', 'students', 'staff', 'identityMatches', 'studentMerges']
const VARIABLES = ['school', 'class', 'student', 'application', 'proposal', 'tenant'] as const
export type Variables = Readonly<Record<(typeof VARIABLES)[number], string>>

export interface Probe {
  /** The type, or `Type.field` where a field takes more than its type. */
  readonly name: string
  readonly root: string
  /** Fields from the root to the type. */
  readonly path: readonly string[]
  readonly types: readonly string[]
  readonly subjects: readonly Subject[]
  readonly query: string
}

/** Fields that must be told which: the values stand in the sandbox. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'Student.scores': '(term: "HKI")',
  'Student.subjectResults': '(term: "HKI")',
}

export const argumentsOf = (type: string, field: string): string => ARGUMENTS[`${type}.${field}`] ?? ''

/** To these the office lets in or not, before there is a page. */
const BY_OFFICE: readonly Place[] = ['claims', 'report', 'sandbox']

/** The subject of a type: a page is there for whoever may ask, its edges are those of what they hold. */
function subjectOf(type: string): Subject | undefined {
  if (SUBJECTS[type]) return SUBJECTS[type]
  const held = SUBJECTS[type.replace(/(Connection|Edge)$/, '')]
  return held && type.endsWith('Connection') && !BY_OFFICE.includes(held.place)
    ? { scopes: held.scopes, place: 'anyone', later: held.later }
    : held
}

/** Of these the answer must hold the very one that was asked for: `id`, or the id of what an edge or an entry holds. */
const KNOWN: Readonly<Record<string, { readonly is: keyof Variables; readonly by?: string }>> = {
  School: { is: 'school' },
  SchoolEdge: { is: 'school', by: 'node' },
  OpenSchoolEdge: { is: 'school', by: 'node' },
  SchoolAccess: { is: 'school', by: 'school' },
  SchoolAccessEdge: { is: 'school', by: 'node { school' },
  ClassRoom: { is: 'class' },
  ClassRoomEdge: { is: 'class', by: 'node' },
  Student: { is: 'student' },
  Application: { is: 'application' },
  ApplicationEdge: { is: 'application', by: 'node' },
}

const fieldsOf = (type: string) => Object.values((contract.getType(type) as GraphQLObjectType).getFields())
const isFree = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.every(({ type, defaultValue }) => !isNonNullType(type) || defaultValue !== undefined)
/** Ways that hide on which row they rest: the homeroom assignment stands between the class and its teacher. */
const HIDDEN = ['ClassRoom.homeroomTeacher']
const isAskable = (type: string, field: GraphQLField<unknown, unknown>): boolean =>
  !HIDDEN.includes(`${type}.${field.name}`) && (isFree(field) || ARGUMENTS[`${type}.${field.name}`] !== undefined)

function leavesOf(type: string): string[] {
  const leaves = fieldsOf(type).filter((field) => isLeafType(getNamedType(field.type)) && isFree(field))
  return ['__typename', ...leaves.map(({ name }) => name).filter((name) => !SUBJECTS[`${type}.${name}`])]
}

/** Faults are told of a document that has some. */
const askOf = (root: string, path: readonly string[]): string =>
  path.includes('faults') ? ROOTS[root]!.replace('name', 'nonsense') : ROOTS[root]!

function queryOf(root: string, path: readonly string[], types: readonly string[], leaves: readonly string[]): string {
  const idOf = (type: string): string => {
    const { by } = KNOWN[type] ?? {}
    if (!KNOWN[type]) return ''
    return by ? `${by} { id }${by.includes('{') ? ' }' : ''} ` : 'id '
  }
  const inner = path
    .slice(1)
    .reduceRight(
      (text, field, at) => `${idOf(types[at]!)}${field}${ARGUMENTS[`${types[at]}.${field}`] ?? ''} { ${text} }`,
      `${idOf(types.at(-1)!)}${leaves.join(' ')}`,
    )
  const used = VARIABLES.filter((name) => ROOTS[root]!.includes(`$${name}`))
  const header = used.length > 0 ? `(${used.map((name) => `$${name}: ID!`).join(', ')})` : ''
  return `query Probe${header} { ${askOf(root, path)} { ${inner} } }`
}

/** Breadth first from the roots in their order; each type is reached once, by the shortest way. */
export function probes(): Probe[] {
  const found = new Map<string, Probe>()
  const ways: { root: string; path: string[]; types: string[] }[] = []
  const query = contract.getQueryType()!.getFields()
  for (const root of Object.keys(ROOTS)) ways.push({ root, path: [root], types: [getNamedType(query[root]!.type).name] })
  const put = (name: string, root: string, path: string[], types: string[], leaves: string[], own?: Subject): void => {
    const named = OF_SCHOOL.includes(root) ? ['School', ...types] : types
    const subjects = named.map((type) => subjectOf(type)).filter((subject) => subject !== undefined)
    if (own) subjects.push(own)
    found.set(name, { name, root, path, types, subjects, query: queryOf(root, path, types, leaves) })
  }
  for (const way of ways) {
    const { root, path, types } = way
    const type = types.at(-1)!
    const isRoot = path.length === 1
    if (found.has(type) && !isRoot) continue
    if (!found.has(type)) {
      put(type, root, path, types, leavesOf(type))
      for (const field of Object.keys(SUBJECTS).filter((name) => name.startsWith(`${type}.`)))
        put(field, root, path, types, [field.split('.')[1]!], SUBJECTS[field])
    } else put(`Query.${root}`, root, path, types, leavesOf(type))
    if (found.get(type)!.path !== path) continue
    for (const field of fieldsOf(type))
      if (isObjectType(getNamedType(field.type)) && isAskable(type, field))
        ways.push({ root, path: [...path, field.name], types: [...types, getNamedType(field.type).name] })
  }
  return [...found.values()]
}

/** Whether the answer depends on which school is asked about. */
export const isLocal = ({ root, types }: Probe): boolean => ROOTS[root]!.includes('$') || types.some((type) => KNOWN[type])

/** Types that the table of subjects forgets. */
export const typesWithoutSubject = (): string[] =>
  [...new Set(probes().flatMap(({ types }) => types))].filter((type) => !subjectOf(type))

export const rootsWithoutProbe = (): string[] => Object.keys(contract.getQueryType()!.getFields()).filter((name) => !ROOTS[name])

/** Every type that can be reached from here, itself included. */
function reach(type: string, found = new Set<string>()): Set<string> {
  if (found.has(type) || !isObjectType(contract.getType(type))) return found
  found.add(type)
  for (const field of fieldsOf(type)) reach(getNamedType(field.type).name, found)
  return found
}

/** Types that neither a probe reaches nor an act answers with. */
export function unreached(): string[] {
  const answered = Object.values(contract.getMutationType()!.getFields()).flatMap(({ type }) => [
    ...reach(getNamedType(type).name),
  ])
  const known = new Set([...probes().map(({ name }) => name), ...answered, 'Query', 'Mutation'])
  return Object.values(contract.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !known.has(type.name))
    .map(({ name }) => name)
}

/** The id an object names itself by, or that of what it holds. */
function idIn(object: Record<string, unknown>): unknown {
  const held = (object.node ?? object.school) as Record<string, unknown> | undefined
  return object.id ?? (held && idIn(held))
}

/** Whether the answer holds what was asked for: an object at the end of the path, and on the way the very ones that were named. */
export function holds(probe: Probe, data: Record<string, unknown> | null | undefined, variables: Variables): boolean {
  let reached: Record<string, unknown>[] = data ? [data] : []
  for (const [at, field] of probe.path.entries()) {
    const known = KNOWN[probe.types[at]!]
    reached = reached
      .flatMap((object) => object[field] as Record<string, unknown>[] | Record<string, unknown> | null)
      .filter((object): object is Record<string, unknown> => object !== null && object !== undefined)
      .filter((object) => !known || idIn(object) === variables[known.is])
  }
  return reached.length > 0
}
