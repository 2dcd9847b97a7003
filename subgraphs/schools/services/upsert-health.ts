// Health records of pupils, by batch: one for each day of measuring.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import type { Named } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { cleanText, isStorable } from '../../kernel/text.ts'
import { Findings, merged, type Judged, type Values, type Word } from '../../kernel/records/decide.ts'
import { isWithin } from '../roster/facilities.ts'
import type { HealthRecordInput, UpsertHealthRecordsInput } from '../schema/consented-inputs.ts'
import type { HealthRecordReceipt } from '../schema/consented-types.ts'
import * as sql from '../store/consented-queries.ts'
import { findStudents, type StoredStudent } from './at-the-desk.ts'
import { asTold, findKept, keepSaid, matchKept, ofStudent, type Said, type StoredKept } from './kept-records.ts'
import { writeRoster } from './roster-batch.ts'

const { HEALTH_RECORD } = sql

interface Around {
  readonly students: Named<StoredStudent>
  readonly known: Named<StoredKept>
  readonly today: string
}

const keyOf = ({ student_id, measured_on }: Values): string => `${student_id}/${measured_on}`

/** Numbers are kept whole, in the smallest unit: what is sent again compares equal. */
const whole = (value: number | null | undefined, factor: number): number | null | undefined =>
  value === null || value === undefined ? value : Math.round(value * factor)

function wordsOf(sent: HealthRecordInput, found: Findings): Record<string, Word | undefined> {
  const number = (name: 'heightCm' | 'weightKg' | 'visionLeft' | 'visionRight', from: number, to: number, factor: number) => {
    if (!isWithin(sent[name], from, to)) found.add('NUMBER_OUT_OF_RANGE', name)
    return whole(sent[name], factor)
  }
  const text = (name: 'eyeDisease' | 'dental' | 'note') => {
    const given = sent[name]
    if (given === null || given === undefined) return given
    const clean = cleanText(given)
    return clean === null ? found.add('TEXT_INVALID', name) : clean || null
  }
  return {
    height_mm: number('heightCm', 30, 250, 10),
    weight_g: number('weightKg', 1, 300, 1000),
    eye_disease: text('eyeDisease'),
    vision_left: number('visionLeft', 0, 20, 1),
    vision_right: number('visionRight', 0, 20, 1),
    dental: text('dental'),
    note: text('note'),
    void: sent.void ?? undefined,
  }
}

function judge(sent: HealthRecordInput, { students, known, today }: Around): Judged<StoredKept, Said> {
  const found = new Findings()
  const { id, externalId, expectedVersion, measuredOn } = sent
  const student = students.find(sent.student)
  if (student === undefined) found.add('REFERENCE_INVALID', 'student')
  else if (student === null) found.add('STUDENT_NOT_FOUND', 'student')
  const isThen = isDay(measuredOn) && measuredOn <= today && (!student || measuredOn >= String(student.values.birth_date))
  if (!isThen) found.add('DATE_INVALID', 'measuredOn')
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const said = wordsOf(sent, found)
  const refused = { sent: { id, key: null, externalId, expectedVersion }, stored: null, key: '', values: null, effect: null }
  if (!student) return { ...refused, faults: found.faults, warnings: found.warnings }
  const key = keyOf({ student_id: student.id, measured_on: measuredOn })
  const named = matchKept({ id, key, externalId, expectedVersion }, known, found)
  if (named && named.studentId !== student.id) found.add('RECORD_NOT_FOUND', id ? 'id' : 'externalId')
  if (named === undefined) return { ...refused, faults: found.faults, warnings: found.warnings }
  const before: Values = named?.values ?? { void: false }
  const values: Values = {
    student_id: student.id,
    measured_on: measuredOn,
    ...Object.fromEntries(Object.entries(said).map(([column, word]) => [column, merged(word, before[column])])),
  }
  const told = asTold(named, { measured_on: measuredOn, ...said }, values, expectedVersion, found)
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

export function upsertHealthRecords(
  context: SubgraphContext,
  input: UpsertHealthRecordsInput,
): Promise<BatchPayload<HealthRecordReceipt>> {
  return writeRoster<StoredKept, Said, HealthRecordReceipt>(context, {
    name: 'upsertHealthRecords',
    scope: 'health.write',
    readScope: 'health.write',
    input,
    length: input.records.length,
    table: HEALTH_RECORD,
    entity: 'HealthRecord',
    externalKind: 'HEALTH_RECORD',
    fields: ['Student.healthRecords'],
    judge: async (desk) => {
      const refs = input.records.map(({ student }) => student)
      const students = await findStudents(desk, refs)
      const named = refs.flatMap((ref) => students.find(ref) ?? [])
      const ownIds = input.records.flatMap(({ externalId }) => (externalId && isStorable(externalId) ? [externalId] : []))
      const known = await findKept(desk, HEALTH_RECORD, 'HealthRecord', 'HEALTH_RECORD', named, ownIds, keyOf)
      const around: Around = { students, known, today: vietnamDay(context.now()) }
      return input.records.map((sent) => judge(sent, around))
    },
    ofStudent,
    follow: async (desk, written) => {
      await keepSaid(desk, 'HealthRecord', written)
      const pupils = [...new Set(written.map(({ values }) => String(values.student_id)))]
      const fresh = written.map(({ id }) => id)
      const { applicationId } = context.viewer
      const at = context.now().toISOString()
      await desk.tx.query(sql.APPLY_CONSENTS_TO_HEALTH, [desk.schoolId, pupils, fresh, applicationId, at])
      return []
    },
    read: ({ tx, schoolId }, ids) =>
      tx.query<HealthRecordReceipt & Record<string, unknown>>(sql.receiptsOf(HEALTH_RECORD.name), [schoolId, ids]),
  })
}
