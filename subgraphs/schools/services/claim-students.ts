// Taking over pupils of other schools: whoever is released comes with the whole record, of anybody else one bit is told.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { NO_SCHOOL, vietnamDay } from '../../kernel/database.ts'
import type { Named } from '../../kernel/named.ts'
import { appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { isDay } from '../../kernel/scalars.ts'
import { cleanName, isStorable } from '../../kernel/text.ts'
import { Findings, type Judged, type SentKey } from '../../kernel/records/decide.ts'
import { valuesOf } from '../../kernel/records/table.ts'
import type { Written } from '../../kernel/records/write-records.ts'
import { isPersonalNumber } from '../roster/numbers.ts'
import { CLAIMS_IN_VAIN_A_DAY, comparedName, NIL } from '../roster/transfers.ts'
import type { ClaimInput, ClaimStudentsInput } from '../schema/transfer-inputs.ts'
import type { Student } from '../schema/types.ts'
import * as sql from '../store/transfer-queries.ts'
import { STUDENT } from '../store/writing.ts'
import {
  findClasses,
  findStudents,
  getSchoolYear,
  type SchoolYearAtHand,
  type StoredClass,
  type StoredStudent,
} from './at-the-desk.ts'
import { frame, openIn, roomOf } from './enrolment-acts.ts'
import { writeEnrolments, type EnrolmentEffect } from './enrolment-lines.ts'
import { writeRoster, type Desk } from './roster-batch.ts'
import { countClaims } from './transfer-guard.ts'

interface ClaimEffect extends EnrolmentEffect {
  readonly formerSchool: string
  readonly formerStudent: string
}

/** What the database tells of a claim: nothing, that somebody matches, or the record of one who is free to come. */
interface Match {
  readonly place: number
  readonly formerSchool: string | null
  readonly formerStudent: string | null
  readonly record: Readonly<Record<string, unknown>> | null
}

/** A claim as it was read: what is wrong with it on its face, and the class it names. */
interface Read {
  readonly found: Findings
  readonly name: string | null
  readonly room: StoredClass | null
  readonly on: string
}

function readClaim(
  sent: ClaimInput,
  year: SchoolYearAtHand,
  classes: Named<StoredClass>,
  today: string,
  maySensitive: boolean,
): Read {
  const found = new Findings()
  const { code, personalNumber, birthDate } = sent
  const on = sent.on ?? today
  if (Boolean(code) === Boolean(personalNumber)) found.add('REFERENCE_INVALID', 'code')
  if (code && !isStorable(code)) found.add('CODE_INVALID', 'code')
  if (personalNumber && !isPersonalNumber(personalNumber)) found.add('PERSONAL_NUMBER_INVALID', 'personalNumber')
  if (personalNumber && !maySensitive) found.add('SCOPE_MISSING', 'personalNumber', 'student.sensitive.write')
  const name = cleanName(sent.fullName)
  if (name === null) found.add('NAME_INVALID', 'fullName')
  if (!isDay(birthDate) || birthDate > today) found.add('DATE_INVALID', 'birthDate')
  if (!isDay(on) || on > today) found.add('DATE_INVALID', 'on')
  const room = found.faults.length === 0 ? roomOf(sent.classRoom, { birthDate }, year, classes, found) : null
  return { found, name, room, on }
}

interface Around {
  readonly year: SchoolYearAtHand
  readonly own: Named<StoredStudent>
  readonly matches: ReadonlyMap<number, Match>
  /** Claims in vain that today still bears. */
  left: number
  refused: number
}

function judge(sent: ClaimInput, place: number, read: Read, around: Around): Judged<StoredStudent, ClaimEffect> {
  const { found, room, on } = read
  const match = around.matches.get(place)
  const code = (match?.record?.code as string | undefined) ?? sent.code ?? null
  const own = code === null ? null : (around.own.find({ code }) ?? null)
  const key: SentKey = { key: code }
  const verdict = (more: Partial<Judged<StoredStudent, ClaimEffect>>): Judged<StoredStudent, ClaimEffect> => ({
    sent: key,
    stored: own,
    key: code ?? `claim ${place}`,
    values: null,
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
    ...more,
  })
  if (found.faults.length > 0 || room === null) return verdict({})
  if (own?.enrolmentId) {
    // A resent claim finds the pupil where the first one put them.
    if (own.values.class_id === room.id && own.values.birth_date === sent.birthDate) return verdict({ values: own.values })
    found.add('ALREADY_ENROLLED', 'classRoom')
    return verdict({})
  }
  if (match?.record && match.formerSchool && match.formerStudent)
    return verdict({
      values: { ...valuesOf(STUDENT, match.record), status: 'STUDYING', class_id: room.id },
      acts: true,
      whole: true,
      effect: {
        on,
        close: null,
        open: openIn(room, around.year),
        formerSchool: match.formerSchool,
        formerStudent: match.formerStudent,
      },
    })
  around.left -= 1
  if (around.left < 0) {
    around.refused += 1
    found.add('CLAIM_LIMIT', '')
  } else found.add(match ? 'CLAIM_MATCHED' : 'CLAIM_NOT_MATCHED', '')
  // The age of somebody else's pupil is nobody's warning.
  return verdict({ stored: null, warnings: [] })
}

/** Asks across schools, once for the batch and in the same statements whatever the answer is. */
async function judgeAll(
  desk: Desk,
  { schoolYear, claims }: ClaimStudentsInput,
  maySensitive: boolean,
): Promise<Judged<StoredStudent, ClaimEffect>[]> {
  const { context, tx, schoolId } = desk
  const today = vietnamDay(context.now())
  const year = await getSchoolYear(desk, schoolYear)
  const classes = await findClasses(desk, year)
  const reads = claims.map((sent) => readClaim(sent, year, classes, today, maySensitive))
  const asked = claims.flatMap(({ code, personalNumber, birthDate }, place) => {
    const { found, name } = reads[place]!
    if (found.faults.length > 0 || name === null) return []
    return [{ place, code: code || null, number: personalNumber || null, name: comparedName(name), birth: birthDate }]
  })
  const matches = await tx.query<Match & Record<string, unknown>>(sql.FIND_CLAIMED, [schoolId, JSON.stringify(asked)])
  const codes = [...asked.map(({ code }) => code), ...matches.map(({ record }) => record?.code as string | undefined)]
  const own = await findStudents(
    desk,
    codes.flatMap((code) => (code ? [{ code }] : [])),
  )
  const [spent] = await tx.query<{ inVain: number }>(sql.CLAIMS_TODAY, [schoolId, context.viewer.applicationId ?? NIL, today])
  const around: Around = {
    year,
    own,
    matches: new Map(matches.map((match) => [match.place, match])),
    left: CLAIMS_IN_VAIN_A_DAY - (spent?.inVain ?? 0),
    refused: 0,
  }
  const judged = claims.map((sent, place) => judge(sent, place, reads[place]!, around))
  await countClaims(desk, { asked: asked.length, matched: matches.length, refused: around.refused })
  return judged
}

async function take(desk: Desk, written: readonly Written<StoredStudent, ClaimEffect>[]): Promise<readonly ChangeEvent[]> {
  const { context, tx, schoolId } = desk
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const events = await writeEnrolments(desk, written)
  const taken = written.map(({ id, effect }) => ({
    school: effect!.formerSchool,
    student: effect!.formerStudent,
    new_student: id,
  }))
  await tx.query(sql.TAKE_PUPILS, [schoolId, JSON.stringify(taken), vietnamDay(now), now.toISOString(), applicationId, accountId])
  // The former schools and their records stand in the log too: a family asks there who received what.
  await appendWriteAudit(context, tx, {
    fields: ['Student.transfers'],
    schools: [...new Set(taken.map(({ school }) => school))],
    students: taken.map(({ student }) => student),
  })
  await countClaims(desk, { taken: taken.length })
  return events
}

export async function claimStudents(context: SubgraphContext, input: ClaimStudentsInput): Promise<BatchPayload<Student>> {
  const byNumber = input.claims.some(({ personalNumber }) => personalNumber)
  const sensitiveAt = await context.database.read(
    context,
    { scope: 'student.sensitive.write', schools: byNumber ? null : NO_SCHOOL },
    (tx) => Promise.resolve(new Set(tx.schools)),
  )
  return writeRoster<StoredStudent, ClaimEffect, Student>(context, {
    ...frame,
    name: 'claimStudents',
    input,
    length: input.claims.length,
    fields: [
      'Student.fullName',
      'Student.sensitive',
      'Student.profile',
      'Student.guardians',
      ...frame.fields,
      'Student.transfers',
    ],
    judge: (desk) => judgeAll(desk, input, sensitiveAt.has(desk.schoolId)),
    follow: take,
  })
}
