// A whole request for every root field that names a thing: well-formed and the party's own, but for the one word that is tried.
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql'
import type { Words } from './words.ts'
import type { Leaf } from './leaves.ts'

type Sent = Record<string, unknown>

const TERMS = { purpose: 'Sổ điểm', scopes: ['school.read'], validFrom: '2026-12-01', validTo: '2027-05-31' }
const YEAR = '2026-2027'
const REASON = 'Thử nghiệm'
const EVIDENCE = { kind: 'SIGNED_FORM', reference: 'Phiếu số 0007/2026', givenAt: '2026-11-02T08:00:00Z' }
const PERSON = { fullName: 'Nguyễn Thị Ánh', sex: 'FEMALE' }

const id = (thing: { readonly id?: string } | undefined): Sent => ({ id: thing?.id })

/** Where the defaults below do not make a request that gets as far as looking the word up. */
const REQUESTS: Readonly<Record<string, (own: Words) => Sent>> = {
  agreementDifference: () => ({}),
  students: (own) => ofSchool(own),
  recordScores: (own) => ({
    input: {
      ...ofYear(own),
      classRoom: id(own.CLASS_ROOM),
      subject: 'TOAN',
      term: 'HKI',
      scores: [{ student: id(own.STUDENT), kind: 'REGULAR', value: 8, enteredBy: id(own.STAFF) }],
    },
  }),
  recordConsents: (own) => ({ input: { ...ofSchool(own), consents: [{ ...consentOf(own), evidence: EVIDENCE }] } }),
  withdrawConsents: (own) => ({ input: { ...ofSchool(own), withdrawals: [consentOf(own)] } }),
  proposeAgreement: (own) => ({ input: { ...ofSchool(own), terms: TERMS } }),
  amendAgreement: () => ({ terms: TERMS }),
  registerApplication: () => ({ input: { code: 'thu-nghiem', name: 'Thử nghiệm', kind: 'PORTAL' } }),
  requestScopes: () => ({ scopes: [{ scope: 'school.read', purpose: 'Sổ điểm' }] }),
  approveApplication: () => ({
    input: { decisionNumber: '1/QĐ', scopes: ['school.read'], validFrom: '2026-11-01', validTo: '2028-10-31' },
  }),
  registerDocuments: () => ({ input: { documents: [{ text: '{ viewer { displayName } }' }] } }),
  retireDocuments: () => ({ documentIds: [`sha256:${'0'.repeat(64)}`], reason: REASON }),
  setDocumentMode: () => ({ mode: 'REPORT', reason: REASON }),
  setTokenBinding: () => ({ binding: 'REQUIRED', reason: REASON }),
  rotateCredential: () => ({
    publicKey: JSON.stringify({
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    }),
  }),
  contactBookReport: () => ({ month: '2026-11' }),
  classRoom: (own) => ({ ref: { key: { ...ofSchool(own), schoolYear: YEAR, name: own.CLASS_ROOM?.code } } }),
  upsertClasses: (own) => ({ input: { ...ofYear(own), classes: [{ name: '6Z', grade: 6, level: 'THCS' }] } }),
  upsertStaff: (own) => ({ input: { ...ofSchool(own), staff: [{ ...PERSON, position: 'TEACHER', status: 1 }] } }),
  upsertStudents: (own) => ({
    input: { ...ofYear(own), students: [{ ...PERSON, code: '3800000001', birthDate: '2011-05-04' }] },
  }),
  upsertGuardians: (own) => ({
    input: { ...ofSchool(own), guardians: [{ student: id(own.STUDENT), fullName: PERSON.fullName, relation: 'MOTHER' }] },
  }),
  upsertHealthRecords: (own) => ({
    input: { ...ofSchool(own), records: [{ student: id(own.STUDENT), measuredOn: '2026-10-05' }] },
  }),
  upsertSchools: () => ({
    input: {
      schools: [{ code: 'XX-1', name: 'Trường', levels: ['THCS'], ownership: 1, communeCode: '14797', address: 'Số 1' }],
    },
  }),
  upsertFacilities: (own) => ({ input: { ...ofSchool(own), facilities: [{ schoolYear: YEAR, period: 'MID' }] } }),
  upsertCampuses: (own) => ({
    input: {
      ...ofSchool(own),
      campuses: [{ code: 'CS8', name: 'Điểm trường', address: 'Số 8', communeCode: '14797', validFrom: '2020-09-05' }],
    },
  }),
  enrolStudents: (own) => ({ input: { ...ofYear(own), enrolments: [pupilIn(own)] } }),
  moveStudents: (own) => ({ input: { ...ofYear(own), moves: [pupilIn(own)] } }),
  recordLeaving: (own) => ({ input: { ...ofSchool(own), leavings: [{ student: id(own.STUDENT), status: 'DROPPED_OUT' }] } }),
  claimStudents: (own) => ({
    input: {
      ...ofYear(own),
      claims: [{ fullName: PERSON.fullName, birthDate: '2011-05-04', code: '3800000001', classRoom: id(own.CLASS_ROOM) }],
    },
  }),
  previewRollover: (own) => ({ input: rollover(own) }),
  rollOverSchool: (own) => ({ input: { ...rollover(own), planHash: 'x' } }),
  setFieldOwners: (own) => ({ input: { ...ofSchool(own), owners: [{ group: 'STUDENT_PROFILE', reason: REASON }] } }),
  resolveConflicts: (own) => ({
    input: { ...ofSchool(own), resolutions: [{ conflict: own.CONFLICT?.id, decision: 'REJECT', reason: REASON }] },
  }),
  mergeStudents: (own) => ({
    input: { ...ofSchool(own), merges: [{ keep: id(own.STUDENT), merge: id(own.STUDENT), reason: REASON }] },
  }),
  undoMerge: (own) => ({ input: { ...ofSchool(own), merges: [{ merge: own.MERGE?.id, reason: REASON }] } }),
  dismissIdentityMatches: (own) => ({ input: { ...ofSchool(own), matches: [{ match: own.MATCH?.id, reason: REASON }] } }),
  assignTeachers: (own) => ({ input: { ...ofYear(own), term: 'HKI', assignments: [{ ...taught(own), subject: 'TOAN' }] } }),
  assignHomerooms: (own) => ({ input: { ...ofYear(own), assignments: [taught(own)] } }),
}

const ofSchool = (own: Words): Sent => ({ school: id(own.SCHOOL) })
const ofYear = (own: Words): Sent => ({ ...ofSchool(own), schoolYear: YEAR })
const rollover = (own: Words): Sent => ({
  ...ofSchool(own),
  fromYear: YEAR,
  toYear: '2027-2028',
  repeaters: [{ student: id(own.STUDENT) }],
})
const pupilIn = (own: Words): Sent => ({ student: id(own.STUDENT), classRoom: id(own.CLASS_ROOM) })
const taught = (own: Words): Sent => ({ classRoom: id(own.CLASS_ROOM), teacher: id(own.STAFF) })
const consentOf = (own: Words): Sent => ({
  student: id(own.STUDENT),
  givenBy: 'GUARDIAN',
  guardianId: own.GUARDIAN?.id,
  application: id(own.APPLICATION),
  purpose: 'CONTACT_BOOK',
})

/** What a path needs beside it. */
const BESIDE: Readonly<Record<string, Sent>> = {
  'agreementDifference.change.agreementId': { change: { end: true } },
  'agreementDifference.change.proposal': { change: { proposal: { terms: TERMS } } },
}

/** Some value of the type: a request of it is well-formed, if not sensible. */
function someOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return someOf(type.ofType)
  if (isListType(type)) return [someOf(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (!isInputObjectType(type))
    return { Int: 1, Float: 1, Boolean: true, LocalDate: '2026-11-02', DateTime: '2026-11-02T08:00:00Z' }[type.name] ?? 'x'
  const required = Object.values(type.getFields()).filter(
    (field) => isNonNullType(field.type) && field.defaultValue === undefined,
  )
  return Object.fromEntries(required.map((field) => [field.name, someOf(field.type)]))
}

/** A batch of one school that this file does not know: its school is judged before its records. */
function byDefault(field: GraphQLField<unknown, unknown>, own: Words): Sent {
  const sent: Sent = {}
  for (const { name, type } of field.args) {
    const named = getNamedType(type)
    if (name === 'reason') sent[name] = REASON
    else if (name === 'input' && isInputObjectType(named)) {
      const input: Sent = {}
      for (const each of Object.values(named.getFields()))
        if (each.name === 'school') input[each.name] = id(own.SCHOOL)
        else if (each.name === 'schoolYear') input[each.name] = YEAR
        else if (isNonNullType(each.type) && each.defaultValue === undefined) input[each.name] = someOf(each.type)
      sent[name] = input
    }
  }
  return sent
}

/** A reference is replaced as a whole: it names exactly one of its ways. */
function put(sent: Sent, leaf: Leaf, word: string): void {
  const steps = leaf.path.split('.')
  const last = steps.pop()!
  let at = sent
  for (const step of steps) {
    const next = at[step]
    const item = (Array.isArray(next) ? next[0] : next) as Sent | undefined
    if (item) at = item
    else at = at[step] = {} as Sent
  }
  const isReference = Object.keys(at).every((key) => ['id', 'code', 'name', 'externalId', 'key'].includes(key))
  if (isReference) for (const key of Object.keys(at)) delete at[key]
  at[last] = word
}

export function requestOf(field: GraphQLField<unknown, unknown>, leaf: Leaf, own: Words, word: string): Sent {
  const sent = structuredClone(REQUESTS[field.name]?.(own) ?? byDefault(field, own))
  for (const [place, beside] of Object.entries(BESIDE))
    if (`${field.name}.${leaf.path}`.startsWith(`${place}.`) || `${field.name}.${leaf.path}` === place)
      Object.assign(sent, structuredClone(beside))
  put(sent, leaf, word)
  return sent
}

/** Everything that needs no argument, two steps down. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields())
    .filter(({ args }) => args.every((arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined))
    .flatMap((field) => {
      const composite = isObjectType(getNamedType(field.type))
      if (composite && depth === 0) return []
      return [`${field.name}${composite ? selection(field.type, depth - 1) : ''}`]
    })
  return ` { ${['__typename', ...fields].join(' ')} }`
}

export function documentOf(kind: string, field: GraphQLField<unknown, unknown>, sent: Sent, depth = 2): string {
  const given = field.args.filter(({ name }) => name in sent)
  const variables = given.map(({ name, type }) => `$${name}: ${String(type)}`)
  const args = given.map(({ name }) => `${name}: $${name}`)
  return `${kind}(${variables.join(', ')}) { it: ${field.name}(${args.join(', ')})${selection(field.type, depth)} }`
}

export const selectionOf = (type: GraphQLOutputType): string => selection(type, 1)
