// The plan of a rollover: read from the school, hashed, and shown as the contract has it.
import { createHash } from 'node:crypto'
import { cleanName, LETTER_OR_DIGIT } from '../../kernel/text.ts'
import { recordFault } from '../../kernel/errors.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { Level } from '../roster/grades.ts'
import {
  planRollover,
  type Member,
  type Outcome,
  type Remark,
  type Repeater,
  type RolloverPlan as Plan,
  type YearClass,
} from '../roster/rollover.ts'
import type { RolloverInput } from '../schema/rollover-inputs.ts'
import {
  RolloverOutcome,
  RolloverState,
  type RolloverMember,
  type RolloverPlan,
  type RolloverRemark,
} from '../schema/rollover-types.ts'
import * as sql from '../store/rollover-queries.ts'
import { findStudents, getSchoolYear, type SchoolYearAtHand } from './at-the-desk.ts'
import type { Desk } from './roster-batch.ts'
import { SchoolLevel } from '../schema/enums.ts'

export interface StudyingPupil {
  readonly id: string
  readonly code: string
  readonly sortName: string
  readonly classId: string | null
  readonly yearId: string | null
  readonly enrolmentId: string | null
  readonly admittedOn: string | null
  readonly rollNumber: number | null
  readonly cameFrom: string | null
}

/** The plan with what carries it out. */
export interface Drawn {
  readonly from: SchoolYearAtHand
  readonly to: SchoolYearAtHand
  readonly plan: Plan
  readonly hash: string
  readonly pupils: ReadonlyMap<string, StudyingPupil>
}

export async function getYears(
  desk: Desk,
  { fromYear, toYear }: RolloverInput,
): Promise<{ from: SchoolYearAtHand; to: SchoolYearAtHand }> {
  const from = await getSchoolYear(desk, fromYear)
  const to = await getSchoolYear(desk, toYear)
  if (to.startYear !== from.startYear + 1) throw new PlatformError('YEARS_NOT_CONSECUTIVE', { path: ['input', 'toYear'] })
  return { from, to }
}

async function repeatersIn(desk: Desk, { repeaters }: RolloverInput): Promise<Repeater[]> {
  const known = await findStudents(
    desk,
    repeaters.map(({ student }) => student),
  )
  return repeaters.map(({ student, classRoom = null }) => {
    const found = known.find(student)
    const name = classRoom === null ? null : cleanName(classRoom, LETTER_OR_DIGIT)
    if (found === undefined) return { pupilId: null, classRoom: null, fault: 'REFERENCE_INVALID' }
    if (found === null) return { pupilId: null, classRoom: null, fault: 'STUDENT_NOT_FOUND' }
    if (found.enrolmentId === null) return { pupilId: null, classRoom: null, fault: 'NOT_ENROLLED' }
    if (classRoom !== null && name === null) return { pupilId: null, classRoom: null, fault: 'NAME_INVALID' }
    return { pupilId: found.id, classRoom: name, fault: null }
  })
}

interface Line {
  readonly id: string
  readonly studentId: string
  readonly admittedOn: string
  readonly rollNumber: number | null
}

async function studyingAt(
  { tx, schoolId }: Desk,
  fromYearId: string,
  yearOf: ReadonlyMap<string, string>,
): Promise<StudyingPupil[]> {
  const rows = await tx.query<Pick<StudyingPupil, 'id' | 'code' | 'sortName' | 'classId'>>(sql.STUDYING_PUPILS, [schoolId])
  const open = await tx.query<Line & Record<string, unknown>>(sql.OPEN_LINES, [schoolId])
  const closed = await tx.query<{ studentId: string; classId: string }>(sql.CLOSED_LINES_OF_YEAR, [schoolId, fromYearId])
  const lines = new Map(open.map((line) => [line.studentId, line]))
  const former = new Map(closed.map(({ studentId, classId }) => [studentId, classId]))
  return rows.map((row) => {
    const line = lines.get(row.id)
    return {
      ...row,
      yearId: row.classId === null ? null : (yearOf.get(row.classId) ?? null),
      enrolmentId: line?.id ?? null,
      admittedOn: line?.admittedOn ?? null,
      rollNumber: line?.rollNumber ?? null,
      cameFrom: former.get(row.id) ?? null,
    }
  })
}

/** What the plan does and nothing else: not the day, not what is doubtful. */
const hashOf = (schoolId: string, from: SchoolYearAtHand, to: SchoolYearAtHand, { classes, graduates }: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify([schoolId, from.code, to.code, classes, graduates]))
    .digest('hex')

export async function drawPlan(desk: Desk, input: RolloverInput, from: SchoolYearAtHand, to: SchoolYearAtHand): Promise<Drawn> {
  const { tx, schoolId, levels } = desk
  const rooms = await tx.query<YearClass & { yearId: string } & Record<string, unknown>>(sql.CLASSES_OF_YEARS, [
    schoolId,
    [from.id, to.id],
  ])
  const pupils = await studyingAt(desk, from.id, new Map(rooms.map(({ id, yearId }) => [id, yearId])))
  const ofYear = (yearId: string): YearClass[] =>
    rooms.filter((room) => room.yearId === yearId).map(({ id, name, grade, level }) => ({ id, name, grade, level }))
  const plan = planRollover({
    levels,
    from: ofYear(from.id),
    to: ofYear(to.id),
    pupils: pupils.map(({ id, sortName, classId, yearId, cameFrom }) => ({
      id,
      sortName,
      classId: yearId === from.id ? classId : null,
      placedIn: yearId === to.id ? classId : null,
      cameFrom: yearId === to.id ? cameFrom : null,
    })),
    repeaters: await repeatersIn(desk, input),
    names: input.classes.map((pair) => ({
      from: pair.from.normalize('NFC'),
      to: cleanName(pair.to, LETTER_OR_DIGIT) ?? '',
    })),
  })
  return { from, to, plan, hash: hashOf(schoolId, from, to, plan), pupils: new Map(pupils.map((pupil) => [pupil.id, pupil])) }
}

const remark = ({ code, path, count }: Remark): RolloverRemark => {
  const { message, messageVi } = recordFault(code, path)
  return { code, path, count, message, messageVi }
}

/** As it is shown, and kept to be shown again. */
export function shown(
  schoolId: string,
  { classes, graduates, problems, warnings }: Plan,
  hash: string,
  isDone: boolean,
): RolloverPlan {
  const member = ({ pupilId, outcome, fromClass, rollNumber }: Member): RolloverMember => ({
    schoolId,
    pupilId,
    outcome: RolloverOutcome[outcome],
    fromClass,
    rollNumber,
  })
  const everybody = [...classes.flatMap(({ members }) => members), ...graduates]
  const count = (...wanted: readonly Outcome[]): number => everybody.filter(({ outcome }) => wanted.includes(outcome)).length
  return {
    state: isDone ? RolloverState.DONE : problems.length > 0 ? RolloverState.REFUSED : RolloverState.READY,
    hash,
    summary: {
      promoted: count('PROMOTED'),
      repeated: count('REPEATED'),
      graduated: count('GRADUATED'),
      present: count('PLACED', 'NEW'),
      newClasses: classes.filter(({ id }) => id === null).length,
    },
    classes: classes.map(({ id, name, grade, level, members }) => ({
      name,
      grade,
      level: SchoolLevel[level as Level],
      isNew: id === null,
      size: members.length,
      members: members.map(member),
    })),
    graduates: graduates.map(member),
    problems: problems.map(remark),
    warnings: warnings.map(remark),
  }
}

export interface Kept {
  readonly hash: string
  readonly plan: Plan
}

export async function findRollover({ tx, schoolId }: Desk, from: SchoolYearAtHand, to: SchoolYearAtHand): Promise<Kept | null> {
  const [row] = await tx.query<Kept & Record<string, unknown>>(sql.ROLLOVER_BETWEEN, [schoolId, from.id, to.id])
  return row ? { hash: row.hash, plan: row.plan } : null
}
