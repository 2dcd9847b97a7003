// Classes of one school year, by batch.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Named } from '../../kernel/named.ts'
import { cleanName, isStorable, LETTER_OR_DIGIT } from '../../kernel/text.ts'
import { Findings, match, type Judged } from '../../kernel/records/decide.ts'
import { hasGrade, nameFitsGrade } from '../roster/grades.ts'
import type { ClassRoom } from '../schema/types.ts'
import type { ClassRoomInput, UpsertClassesInput } from '../schema/write-inputs.ts'
import { CLASS_ROOMS_BY_ID } from '../store/queries.ts'
import { CLASS_KEYS_TAKEN, CLASS_ROOM } from '../store/writing.ts'
import { findClasses, getSchoolYear, type SchoolYearAtHand, type StoredClass } from './at-the-desk.ts'
import { writeRoster, type Desk } from './roster-batch.ts'

function judge(
  sent: ClassRoomInput,
  { levels, terms, schoolId }: Desk,
  year: SchoolYearAtHand,
  classes: Named<StoredClass>,
): Judged<StoredClass, null> {
  const found = new Findings()
  const { id, externalId, expectedVersion, grade, level } = sent
  const name = cleanName(sent.name, LETTER_OR_DIGIT)
  if (name === null) found.add('NAME_INVALID', 'name')
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const key = { id, key: name, externalId, expectedVersion }
  const stored = name === null ? undefined : match(key, classes, found)
  if (!levels.includes(level)) found.add('LEVEL_INVALID', 'level', level)
  else if (terms && !terms.has(`${schoolId}/${level}/${year.id}`)) found.add('RECORD_NOT_ACCESSIBLE', 'level', level)
  else if (!hasGrade(level, grade)) found.add('GRADE_INVALID', 'grade')
  // A class named by its id takes a new name, if no other class of the year has it.
  const holder = name === null ? null : classes.find({ code: name })
  if (stored && holder && holder.id !== stored.id) found.add('DUPLICATE_IN_BATCH', 'name')
  if (stored?.hasPupils && (stored.grade !== grade || stored.level !== level)) found.add('CLASS_HAS_PUPILS', 'grade')
  if (name !== null && !nameFitsGrade(name, grade)) found.warn('CLASS_NAME_UNUSUAL', 'name')
  const refused = found.faults.length > 0 || name === null || stored === undefined
  return {
    sent: key,
    stored: stored ?? null,
    key: `${year.code}/${name}`,
    values: refused ? null : { school_year_id: year.id, name, grade, level },
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

export function upsertClasses(context: SubgraphContext, input: UpsertClassesInput): Promise<BatchPayload<ClassRoom>> {
  return writeRoster<StoredClass, null, ClassRoom>(context, {
    name: 'upsertClasses',
    scope: 'school.write',
    readScope: 'school.read',
    input,
    length: input.classes.length,
    table: CLASS_ROOM,
    entity: 'ClassRoom',
    externalKind: 'CLASS_ROOM',
    fields: ['ClassRoom.name', 'ClassRoom.grade', 'ClassRoom.level'],
    keysTaken: CLASS_KEYS_TAKEN,
    judge: async (desk) => {
      const year = await getSchoolYear(desk, input.schoolYear)
      const classes = await findClasses(desk, year)
      return input.classes.map((sent) => judge(sent, desk, year, classes))
    },
    read: ({ tx, schoolId }, ids) => tx.query<ClassRoom & Record<string, unknown>>(CLASS_ROOMS_BY_ID, [[schoolId], ids]),
  })
}
