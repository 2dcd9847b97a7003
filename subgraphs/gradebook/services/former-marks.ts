// What a pupil brought along from former schools: marks as they stand there, term by term, with the results they make.
import type { SchoolKey, SubgraphContext } from '../../kernel/context.ts'
import { pointsOf } from '../scores/mark.ts'
import type { FormerMark, FormerTerm } from '../schema/former-types.ts'
import { formerMarksOfStudent, type FormerMarkRow } from '../store/former-loaders.ts'
import { subjectResult } from './reading.ts'

const shapeMark = ({ subjectCode, kind, ordinal, valueTenths, remark }: FormerMarkRow): FormerMark => ({
  subject: { code: subjectCode },
  kind,
  ordinal,
  value: valueTenths === null ? null : pointsOf(valueTenths),
  remark,
})

/** `rows`: of one school and term. Where the pupil changed classes within it, the last mark says the class. */
function shapeTerm(rows: readonly FormerMarkRow[]): FormerTerm {
  const last = rows.reduce((one, other) => (other.markId > one.markId ? other : one))
  const { schoolCode, schoolName, schoolYear, term, termId, className, grade, level } = last
  const subjects = Map.groupBy(rows, ({ subjectCode }) => subjectCode)
  return {
    schoolCode,
    schoolName,
    schoolYear,
    term: { id: termId },
    className,
    grade,
    results: [...subjects.entries()].map(([subjectCode, marks]) => {
      const { assessment, periodsPerYear } = marks[0]!
      const components = marks.flatMap(({ kind, valueTenths, remark }) => {
        const value = valueTenths ?? remark
        return value === null ? [] : [{ kind, value }]
      })
      const subject = { subjectCode, grade, level, termId, assessment, periodsPerYear }
      return subjectResult({ subject, components }, { term, schoolYear })
    }),
    marks: rows.map(shapeMark),
  }
}

/** The oldest first, as in the transcript. */
export async function formerTermsOfStudent(context: SubgraphContext, student: SchoolKey): Promise<FormerTerm[]> {
  const rows = await context.loaders.of(formerMarksOfStudent).load(student)
  const terms = Map.groupBy(rows, ({ schoolYear, term, formerSchool }) => `${schoolYear} ${term} ${formerSchool}`)
  return [...terms.values()].map(shapeTerm)
}
