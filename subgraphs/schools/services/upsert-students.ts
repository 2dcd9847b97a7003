// Pupils of a school, by batch, with their admission to a class.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { NO_SCHOOL, vietnamDay } from '../../kernel/database.ts'
import { wordOf, type Named } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { cleanName, cleanText, isStorable } from '../../kernel/text.ts'
import { judgeAge } from '../roster/ages.ts'
import { isCodeOf } from '../roster/code-lists.ts'
import { isCommune } from '../roster/communes.ts'
import { Findings, merged, type Judged, type Values } from '../../kernel/records/decide.ts'
import { agreesWith, isMinistryCode, isOfProvince, isPersonalNumber } from '../roster/numbers.ts'
import { nameSortKey } from '../roster/vietnamese-name.ts'
import type { Student } from '../schema/types.ts'
import type { StudentInput, StudentSensitiveInput, UpsertStudentsInput } from '../schema/write-inputs.ts'
import { STUDENTS_BY_ID } from '../store/queries.ts'
import { STUDENT, STUDENT_KEYS_TAKEN } from '../store/writing.ts'
import {
  asReference,
  findClasses,
  findProvince,
  findStudents,
  getSchoolYear,
  selfReferences,
  type SchoolYearAtHand,
  type StoredClass,
  type StoredStudent,
} from './at-the-desk.ts'
import { writeEnrolments, type EnrolmentEffect } from './enrolment-lines.ts'
import { identify, keepFormerCodes, keepMatches, nameRecord, type Identity, type Likely } from './identify-students.ts'
import { writeRoster, type Desk } from './roster-batch.ts'
import { countRefusals, guardUpserts, type TransferGuard } from './transfer-guard.ts'

interface Surroundings {
  readonly year: SchoolYearAtHand
  readonly classes: Named<StoredClass>
  readonly students: Named<StoredStudent>
  readonly province: string | null
  readonly today: string
  /** The agreement opens some classes of the school only: a pupil outside them is not the caller's to make. */
  readonly isNarrowed: boolean
  /** The school's agreement covers sensitive data. */
  readonly maySensitive: boolean
  /** An application keeps own ids, a person has none. */
  readonly isApplication: boolean
  readonly guard: TransferGuard
}

/** A text that may be left as it stands (not sent), cleared (null), or set. */
function textOf(sent: string | null | undefined, path: string, found: Findings): string | null | undefined {
  if (sent === null || sent === undefined) return sent
  const clean = cleanText(sent)
  return clean === null ? found.add('TEXT_INVALID', path) : clean || null
}

function sensitiveOf(
  sent: StudentSensitiveInput,
  { maySensitive }: Surroundings,
  found: Findings,
): Readonly<Record<string, string | null | undefined>> {
  if (!maySensitive) found.add('SCOPE_MISSING', 'sensitive', 'student.sensitive.write')
  const { personalNumber, ethnicityCode, poorHousehold, feeRelief } = sent
  if (personalNumber && !isPersonalNumber(personalNumber)) found.add('PERSONAL_NUMBER_INVALID', 'sensitive.personalNumber')
  if (ethnicityCode && !isCodeOf('ETHNICITY', ethnicityCode)) found.add('CODE_UNKNOWN', 'sensitive.ethnicityCode')
  return {
    personal_number: personalNumber,
    ethnicity_code: ethnicityCode,
    disability: textOf(sent.disability, 'sensitive.disability', found),
    policy_group: textOf(sent.policyGroup, 'sensitive.policyGroup', found),
    poor_household: poorHousehold,
    fee_relief: feeRelief,
  }
}

/** The class a pupil is admitted to, with what it does to the history; null where there is none or it is refused. */
function admissionOf(
  sent: StudentInput,
  stored: StoredStudent | null | undefined,
  { year, classes, today, isNarrowed }: Surroundings,
  found: Findings,
): { room: StoredClass; effect: EnrolmentEffect | null } | null {
  if (!sent.classRoom) return stored === null && isNarrowed ? found.add('RECORD_NOT_ACCESSIBLE', 'classRoom') : null
  const room = classes.find(asReference(sent.classRoom))
  if (room === undefined) return found.add('REFERENCE_INVALID', 'classRoom')
  if (room === null) return found.add('CLASS_NOT_FOUND', 'classRoom', wordOf(asReference(sent.classRoom)))
  if (stored?.values.class_id === room.id) return { room, effect: null }
  if (stored?.enrolmentId) return found.add('ALREADY_ENROLLED', 'classRoom')
  // Whoever left comes back by an act of its own: a product that resends last month's list must not bring them back.
  if (stored && stored.values.status !== 'STUDYING') return found.add('NOT_ENROLLED', 'classRoom')
  const on = sent.admittedOn ?? today
  if (!isDay(on) || on > today) return found.add('DATE_INVALID', 'admittedOn')
  const open = { classId: room.id, className: room.code, yearId: year.id, yearCode: year.code }
  return { room, effect: { on, close: null, open } }
}

function judge(
  sent: StudentInput,
  identity: Identity,
  around: Surroundings,
): Judged<StoredStudent, EnrolmentEffect> & { readonly likely: readonly Likely[] } {
  const { students, province, today, classes, year, guard } = around
  const found = new Findings()
  const { id, code: sentCode = null, externalId, expectedVersion, sex, birthDate } = sent
  const key = { id, key: sentCode, externalId, expectedVersion }
  if (sentCode !== null && isMinistryCode(sentCode) && province !== null && !isOfProvince(sentCode, province))
    found.warn('CODE_OF_OTHER_PROVINCE', 'code')
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const { stored, code } = nameRecord(key, identity, students, newcomerOf(sent, around), found)
  if (identity.isDouble) found.add('DUPLICATE_IN_BATCH', '')
  const isNewCode = code !== null && code === sentCode && stored?.code !== code
  if (stored && isNewCode && around.isNarrowed) found.add('RECORD_NOT_ACCESSIBLE', 'code')
  if (stored && guard.hasMovedOn(stored.id)) found.add('STUDENT_MOVED_ON', 'code')
  if (stored !== undefined && isNewCode && guard.isElsewhere(code)) found.add('STUDENT_ELSEWHERE', 'code')
  const likely = stored === null ? identity.likely : []
  if (likely.length > 0) found.warn('IDENTITY_UNCERTAIN', '')
  const fullName = cleanName(sent.fullName)
  if (fullName === null) found.add('NAME_INVALID', 'fullName')
  const born = isDay(birthDate) && birthDate <= today
  if (!born) found.add('DATE_INVALID', 'birthDate')
  const admission = admissionOf(sent, stored, around, found)
  const classId = stored?.values.class_id as string | null | undefined
  const room = admission?.room ?? (classId ? classes.find({ id: classId }) : null)
  if (room && born) {
    const age = judgeAge(birthDate, room.grade, room.level, year.startYear)
    if (age === 'IMPOSSIBLE') found.add('AGE_GRADE_INVALID', 'birthDate')
    else if (age === 'UNUSUAL') found.warn('AGE_GRADE_UNUSUAL', 'birthDate')
  }
  const sensitive: Readonly<Record<string, string | null | undefined>> = sent.sensitive
    ? sensitiveOf(sent.sensitive, around, found)
    : {}
  const before: Values = stored?.values ?? {}
  const personalNumber = merged(sensitive.personal_number, before.personal_number) as string | null
  if (personalNumber !== null && isPersonalNumber(personalNumber) && born && !agreesWith(personalNumber, sex, birthDate))
    found.warn('PERSONAL_NUMBER_MISMATCH', sent.sensitive ? 'sensitive.personalNumber' : 'birthDate')
  if (stored === null && around.maySensitive && personalNumber !== null && guard.isElsewhere(personalNumber))
    found.add('STUDENT_ELSEWHERE', 'sensitive.personalNumber')
  const communeCode = sent.communeCode
  if (communeCode && !isCommune(communeCode)) found.add('CODE_UNKNOWN', 'communeCode')
  const free = {
    birthplace: textOf(sent.birthplace, 'birthplace', found),
    nationality: textOf(sent.nationality, 'nationality', found),
    address: textOf(sent.address, 'address', found),
  }
  const refused = found.faults.length > 0 || stored === undefined || fullName === null
  const values = (): Values => ({
    code,
    full_name: fullName,
    given_name: fullName!.split(' ').at(-1)!,
    sort_name: nameSortKey(fullName!),
    sex,
    birth_date: birthDate,
    birthplace: merged(free.birthplace, before.birthplace),
    nationality: merged(free.nationality, before.nationality),
    commune_code: merged(communeCode, before.commune_code),
    address: merged(free.address, before.address),
    boarding: merged(sent.boarding, before.boarding),
    youth_membership: merged(sent.youthMembership, before.youth_membership),
    can_swim: merged(sent.canSwim, before.can_swim),
    personal_number: personalNumber,
    ethnicity_code: merged(sensitive.ethnicity_code, before.ethnicity_code),
    disability: merged(sensitive.disability, before.disability),
    policy_group: merged(sensitive.policy_group, before.policy_group),
    poor_household: merged(sensitive.poor_household, before.poor_household),
    fee_relief: merged(sensitive.fee_relief, before.fee_relief),
    status: before.status ?? 'STUDYING',
    class_id: admission?.room.id ?? before.class_id ?? null,
  })
  return {
    sent: key,
    stored: stored ?? null,
    key: code ?? '',
    values: refused ? null : values(),
    faults: found.faults,
    warnings: found.warnings,
    effect: admission?.effect ?? null,
    likely,
  }
}

/** What a temporary code depends on. */
function newcomerOf(
  { classRoom, sensitive }: StudentInput,
  { classes, maySensitive, province, isApplication }: Surroundings,
): Parameters<typeof nameRecord>[3] {
  const room = classRoom ? classes.find(asReference(classRoom)) : null
  const number = sensitive?.personalNumber
  return {
    grade: room?.grade ?? null,
    hasNumber: maySensitive && Boolean(number && isPersonalNumber(number)),
    isApplication,
    province,
  }
}

const BASIC = ['fullName', 'sex', 'birthDate', 'status', 'classRoom', 'profile'].map((field) => `Student.${field}`)

export const readStudents = ({ tx, schoolId }: Desk, ids: readonly string[]): Promise<(Student & Record<string, unknown>)[]> =>
  tx.query<Student & Record<string, unknown>>(STUDENTS_BY_ID, [[schoolId], ids])

export async function upsertStudents(context: SubgraphContext, input: UpsertStudentsInput): Promise<BatchPayload<Student>> {
  const hasSensitive = input.students.some(({ sensitive }) => sensitive)
  const sensitiveAt = await context.database.read(
    context,
    { scope: 'student.sensitive.write', schools: hasSensitive ? null : NO_SCHOOL },
    (tx) => Promise.resolve(new Set(tx.schools)),
  )
  const likelyOf = new Map<string, readonly Likely[]>()
  const keys: string[] = []
  return writeRoster<StoredStudent, EnrolmentEffect, Student>(context, {
    name: 'upsertStudents',
    scope: 'student.basic.write',
    readScope: 'student.basic.read',
    input,
    length: input.students.length,
    table: STUDENT,
    entity: 'Student',
    alsoSays: { entity: 'Enrolment', at: (place) => Boolean(input.students[place]!.classRoom) },
    externalKind: 'STUDENT',
    fields: hasSensitive ? [...BASIC, 'Student.sensitive'] : BASIC,
    keysTaken: STUDENT_KEYS_TAKEN,
    judge: async (desk) => {
      const year = await getSchoolYear(desk, input.schoolYear)
      const students = await findStudents(desk, selfReferences(input.students))
      const around: Surroundings = {
        year,
        classes: await findClasses(desk, year),
        students,
        guard: await guardUpserts(desk, students, input.students),
        province: await findProvince(desk),
        today: vietnamDay(context.now()),
        isNarrowed: desk.terms !== null,
        maySensitive: sensitiveAt.has(desk.schoolId),
        isApplication: context.viewer.applicationId !== null,
      }
      const identityOf = await identify(desk, input.students, students, around.maySensitive)
      const judged = input.students.map((sent, place) => judge(sent, identityOf(place), around))
      keys.push(...judged.map(({ key }) => key))
      for (const { key, likely } of judged) if (likely.length > 0) likelyOf.set(key, likely)
      await countRefusals(desk, judged)
      return judged
    },
    follow: async (desk, written) => [
      ...(await writeEnrolments(desk, written)),
      ...(await keepFormerCodes(desk, written)),
      ...(await keepMatches(desk, written, likelyOf, (place) => keys[place])),
    ],
    read: readStudents,
  })
}
