// Reading marks, results and books: the year and term asked for, then one batch for all who ask the same.
import type { SchoolKey, SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { bookRules, type BookFacts } from '../scores/book-rules.ts'
import { pointsOf } from '../scores/mark.ts'
import { startOf } from '../../kernel/school-year.ts'
import { schoolYearOn } from '../scores/school-year.ts'
import type { Gradebook, Score, SubjectResult } from '../schema/types.ts'
import {
  gradebooksOfClasses,
  scoresOfStudents,
  subjectMarksOfStudents,
  type SubjectMarks,
  type TermOfYear,
} from '../store/loaders.ts'

interface TermAsked {
  readonly term: string
  readonly schoolYear?: string | null
}

function termOfYear(context: SubgraphContext, { term, schoolYear }: TermAsked): TermOfYear {
  const year = schoolYear ?? schoolYearOn(vietnamDay(context.now()))
  const startYear = startOf(year)
  if (startYear === null)
    throw new PlatformError('INPUT_INVALID', {
      message: 'A school year is written as 2026-2027.',
      messageVi: 'Năm học viết theo dạng 2026-2027.',
      argument: 'schoolYear',
    })
  return { term, schoolYear: year, startYear }
}

/** What `factsOnly` reads. */
const FACTS: ReadonlySet<string> = new Set(['kind', 'ordinal', 'value', 'remark', 'subject', '__typename'])

export function scoresOfStudent(
  context: SubgraphContext,
  student: SchoolKey,
  args: TermAsked & { subject?: string | null },
  asked: ReadonlySet<string>,
): Promise<Score[]> {
  const factsOnly = [...asked].every((field) => FACTS.has(field))
  const batch = scoresOfStudents(context, { ...termOfYear(context, args), subject: args.subject ?? null, factsOnly })
  return context.loaders.of(batch).load(student)
}

export async function subjectResultsOfStudent(
  context: SubgraphContext,
  student: SchoolKey,
  args: TermAsked,
): Promise<SubjectResult[]> {
  const asked = termOfYear(context, args)
  const subjects = await context.loaders.of(subjectMarksOfStudents(context, asked)).load(student)
  return subjects.map((subject) => subjectResult(subject, asked))
}

export function gradebooksOfClass(
  context: SubgraphContext,
  room: SchoolKey,
  term: string | null | undefined,
): Promise<Gradebook[]> {
  return context.loaders.of(gradebooksOfClasses(context, { term: term ?? null })).load(room)
}

interface MarksOfSubject {
  readonly subject: Omit<BookFacts, 'schoolYear' | 'term'> & { readonly termId: string }
  readonly components: SubjectMarks['components']
}

/** By the regulation of the class that the marks were given in. */
export function subjectResult(
  { subject, components }: MarksOfSubject,
  { term, schoolYear }: Pick<TermOfYear, 'term' | 'schoolYear'>,
): SubjectResult {
  const { grade, level, subjectCode, assessment, periodsPerYear } = subject
  const rules = bookRules({ schoolYear, term, grade, level, subjectCode, assessment, periodsPerYear })
  const { value, missing, reasons } = rules.termResult(components)
  return {
    subject: { code: subjectCode },
    term: { id: subject.termId },
    regulation: rules.regulation?.code ?? null,
    regulationName: rules.regulation?.name ?? null,
    average: typeof value === 'number' ? pointsOf(value) : null,
    remark: typeof value === 'string' ? value : null,
    missing: [...missing],
    reasons: [...reasons],
  }
}
