// Entering marks: one batch of one class, subject and term, in one transaction with its history, feed and audit.
import { assertBatchSize, BatchStatus, summarize } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { bookRules } from '../scores/book-rules.ts'
import { deadlinesOf } from '../scores/deadlines.ts'
import { decide, type Decision } from '../scores/decide.ts'
import { pointsOf } from '../scores/mark.ts'
import { rootCauses, type Cause } from '../scores/root-causes.ts'
import { validate, type AcceptedScore, type Fault, type Verdict } from '../scores/validate.ts'
import type { RecordScoresInput } from '../schema/inputs.ts'
import type { RecordScoresPayload } from '../schema/types.ts'
import { mayReadMarks } from '../store/loaders.ts'
import { shapeScore } from '../store/shapes.ts'
import { findPupils, findSchoolId, findStoredScores, findTeachers, getTarget, lockBook, type Book, type BookRow, type StoredScore } from './book-at-hand.ts'
import { openBook, writeMarks, type BookToWrite, type Change } from './write-marks.ts'

type Decided = Decision<StoredScore>

const isChange = (decision: Decided): decision is Change => decision.status === 'CREATED' || decision.status === 'UPDATED'
const faultsOf = (decision: Decided): readonly Fault[] => ('faults' in decision ? decision.faults : [])

function acceptedOf(verdicts: readonly Verdict[]): AcceptedScore[] {
  return verdicts.flatMap((verdict) => ('accepted' in verdict ? [verdict.accepted] : []))
}

/** The answer as it is kept for a retry: marks of the store, shaped for the contract only on the way out. */
interface Receipt {
  readonly schoolId: string
  readonly subjectCode: string
  readonly termId: string
  readonly results: readonly { readonly status: `${BatchStatus}`; readonly score: StoredScore | null; readonly faults: readonly Fault[] }[]
  readonly rootCauses: readonly Cause[]
}

async function writeBatch(context: SubgraphContext, tx: Transaction, schoolId: string, input: RecordScoresInput): Promise<Receipt> {
  const target = await getTarget(context, tx, schoolId, input)
  const pupils = await findPupils(context, tx, target)
  const teachers = await findTeachers(context, tx, target, input)
  const { assessment, subjectCode, termId } = target
  const rules = bookRules(target)
  const today = vietnamDay(context.now())

  const judge = async ({ state, ordinaryDeadline, finalDeadline }: Book, bookId: string | null): Promise<Decided[]> => {
    const verdicts = validate(input.scores, { state, ordinaryDeadline, finalDeadline, assessment, rules, pupils, teachers, today })
    return decide(verdicts, await findStoredScores(tx, target, acceptedOf(verdicts), bookId), input.mode)
  }

  const unopened: Book = { state: 'OPEN', ...deadlinesOf(target) }
  const standing = await lockBook(tx, target)
  let book: BookToWrite | null = standing && { id: standing.id, isNew: false }
  let decisions = await judge(standing ?? unopened, standing?.id ?? null)
  if (book === null && decisions.some(isChange)) {
    const opened = await openBook(context, tx, target, unopened)
    if (opened) book = { id: opened.id, isNew: true }
    else {
      // Another batch opened the book while this one was judging: judge again by the book and the marks that stand now.
      const rival: BookRow = (await lockBook(tx, target))!
      book = { id: rival.id, isNew: false }
      decisions = await judge(rival, rival.id)
    }
  }

  const changes = decisions.filter(isChange)
  const written = book && changes.length > 0 ? await writeMarks(context, tx, target, book, changes) : []
  const scoreOf = new Map<Decided, StoredScore>(changes.map((change, index) => [change, written[index]!]))
  const results = decisions.map((decision) => ({
    status: decision.status,
    score: scoreOf.get(decision) ?? ('stored' in decision ? decision.stored : null),
    faults: faultsOf(decision),
  }))
  return { schoolId, subjectCode, termId, results, rootCauses: rootCauses(decisions.map(faultsOf)) }
}

/** Whoever may write marks here and not read them is told what became of them, and shown none. */
async function payloadOf(context: SubgraphContext, receipt: Receipt): Promise<RecordScoresPayload> {
  const { schoolId, subjectCode, termId } = receipt
  const mayRead = context.viewer.scopes.includes('gradebook.read') && (await context.loaders.of(mayReadMarks).load(schoolId))
  const statuses = receipt.results.map(({ status }) => BatchStatus[status])
  const results = receipt.results.map(({ score, faults }, index) => {
    if (score) context.touched.students.add(score.studentId)
    const row = score && mayRead ? { ...score, schoolId, subjectCode, termId, value: pointsOf(score.valueTenths) } : null
    return { index, status: statuses[index]!, entity: row && shapeScore(row, context.viewer.applicationId), errors: [...faults] }
  })
  return { summary: summarize(statuses), results, rootCauses: [...receipt.rootCauses] }
}

export async function recordScores(context: SubgraphContext, input: RecordScoresInput): Promise<RecordScoresPayload> {
  assertBatchSize(input.scores.length)
  const schoolId = await findSchoolId(context, input.school)
  if (schoolId === null) throw new PlatformError('SCHOOL_NOT_ACCESSIBLE')
  const receipt = await context.database.write(context, { scope: 'gradebook.write', schools: [schoolId] }, (tx) => {
    if (tx.schools.length === 0) throw new PlatformError('SCHOOL_NOT_ACCESSIBLE')
    return once(context, tx, 'gradebook', { recordScores: input }, () => writeBatch(context, tx, schoolId, input))
  })
  return payloadOf(context, receipt)
}
