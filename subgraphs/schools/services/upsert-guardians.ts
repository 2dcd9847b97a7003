// Parents and guardians of pupils, by batch; links end and begin again, and consents follow.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import type { Named } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { cleanName, cleanText, isStorable } from '../../kernel/text.ts'
import { isCodeOf } from '../roster/code-lists.ts'
import { Findings, merged, type Judged, type Values, type Word } from '../../kernel/records/decide.ts'
import { phoneOf } from '../roster/numbers.ts'
import type { GuardianInput, UpsertGuardiansInput } from '../schema/consented-inputs.ts'
import type { GuardianReceipt } from '../schema/consented-types.ts'
import * as sql from '../store/consented-queries.ts'
import { findStudents, type StoredStudent } from './at-the-desk.ts'
import { asTold, findKept, keepSaid, matchKept, ofStudent, type Said, type StoredKept } from './kept-records.ts'
import { writeRoster } from './roster-batch.ts'

const { GUARDIAN } = sql

interface Around {
  readonly students: Named<StoredStudent>
  readonly known: Named<StoredKept>
  readonly today: string
}

const keyOf = ({ student_id, relation, full_name }: Values): string => `${student_id}/${relation}/${full_name}`

const textOf = (sent: string | null | undefined, path: string, found: Findings): string | null | undefined => {
  if (sent === null || sent === undefined) return sent
  const clean = cleanText(sent)
  return clean === null ? found.add('TEXT_INVALID', path) : clean || null
}

function judge(sent: GuardianInput, { students, known, today }: Around): Judged<StoredKept, Said> {
  const found = new Findings()
  const { id, externalId, expectedVersion, relation, birthYear, endedOn } = sent
  const student = students.find(sent.student)
  if (student === undefined) found.add('REFERENCE_INVALID', 'student')
  else if (student === null) found.add('STUDENT_NOT_FOUND', 'student')
  const fullName = cleanName(sent.fullName)
  if (fullName === null) found.add('NAME_INVALID', 'fullName')
  if (!isCodeOf('GUARDIAN_RELATION', relation)) found.add('CODE_UNKNOWN', 'relation')
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const phone = sent.phone ? phoneOf(sent.phone) : sent.phone
  if (sent.phone && phone === null) found.add('PHONE_INVALID', 'phone')
  const youngest = Number(today.slice(0, 4)) - 14
  if (birthYear && !(birthYear >= 1900 && birthYear <= youngest)) found.add('NUMBER_OUT_OF_RANGE', 'birthYear')
  if (endedOn && (!isDay(endedOn) || endedOn > today)) found.add('DATE_INVALID', 'endedOn')
  const said: Record<string, Word | undefined> = {
    full_name: fullName,
    relation,
    phone,
    birth_year: birthYear,
    job: textOf(sent.job, 'job', found),
    address: textOf(sent.address, 'address', found),
    ended_on: endedOn,
  }
  const refused = { sent: { id, key: null, externalId, expectedVersion }, stored: null, key: '', values: null, effect: null }
  if (!student || fullName === null) return { ...refused, faults: found.faults, warnings: found.warnings }
  const key = keyOf({ student_id: student.id, relation, full_name: fullName })
  const named = matchKept({ id, key, externalId, expectedVersion }, known, found)
  if (named && named.studentId !== student.id) found.add('GUARDIAN_NOT_OF_STUDENT', id ? 'id' : 'externalId')
  if (named === undefined) return { ...refused, faults: found.faults, warnings: found.warnings }
  const before: Values = named?.values ?? {}
  const values: Values = {
    student_id: student.id,
    ...Object.fromEntries(Object.entries(said).map(([column, word]) => [column, merged(word, before[column])])),
  }
  const told = asTold(named, said, values, expectedVersion, found)
  const ok = found.faults.length === 0
  return {
    sent: { id, key, externalId, expectedVersion },
    stored: told.stored,
    key: named ? `${student.code}/${named.id}` : key,
    values: ok ? values : null,
    faults: found.faults,
    warnings: found.warnings,
    effect: ok ? { studentCode: student.code, said: told.said } : null,
  }
}

export function upsertGuardians(context: SubgraphContext, input: UpsertGuardiansInput): Promise<BatchPayload<GuardianReceipt>> {
  return writeRoster<StoredKept, Said, GuardianReceipt>(context, {
    name: 'upsertGuardians',
    scope: 'guardian.contact.write',
    readScope: 'guardian.contact.write',
    input,
    length: input.guardians.length,
    table: GUARDIAN,
    entity: 'Guardian',
    externalKind: 'GUARDIAN',
    fields: ['Student.guardians'],
    judge: async (desk) => {
      const refs = input.guardians.map(({ student }) => student)
      const students = await findStudents(desk, refs)
      const ownIds = input.guardians.flatMap(({ externalId }) => (externalId && isStorable(externalId) ? [externalId] : []))
      const named = refs.flatMap((ref) => students.find(ref) ?? [])
      const known = await findKept(desk, GUARDIAN, 'Guardian', 'GUARDIAN', named, ownIds, keyOf)
      const around: Around = { students, known, today: vietnamDay(context.now()) }
      return input.guardians.map((sent) => judge(sent, around))
    },
    ofStudent,
    follow: async (desk, written) => {
      await keepSaid(desk, 'Guardian', written)
      // Whose link ends is open to nobody, whose link begins again to whoever they still consent to.
      const families = [...new Set(written.map(({ values }) => String(values.student_id)))]
      const { applicationId } = context.viewer
      await desk.tx.query(sql.APPLY_CONSENTS_TO_GUARDIANS, [desk.schoolId, families, applicationId, context.now().toISOString()])
      return []
    },
    read: ({ tx, schoolId }, ids) =>
      tx.query<GuardianReceipt & Record<string, unknown>>(sql.receiptsOf(GUARDIAN.name), [schoolId, ids]),
  })
}
