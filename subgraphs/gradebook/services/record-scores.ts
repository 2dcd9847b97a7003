// Entering marks: one batch of one class, subject and term, in one transaction with its history, feed and audit.
import { BatchStatus, summarize } from '../../kernel/batch.ts'
import { writeBatch, type Batch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay, type Transaction } from '../../kernel/database.ts'
import { appendChanges } from '../../kernel/outbox.ts'
import { pack, unpack, type Table } from '../../kernel/receipt.ts'
import { rootCauses, type Fault, type Cause } from '../../kernel/root-causes.ts'
import { bookRules } from '../scores/book-rules.ts'
import { deadlinesOf } from '../scores/deadlines.ts'
import { decide, type Decision } from '../scores/decide.ts'
import { pointsOf } from '../scores/mark.ts'
import { SHARED_CAUSES, validate, type AcceptedScore, type Verdict } from '../scores/validate.ts'
import type { RecordScoresInput } from '../schema/inputs.ts'
import type { RecordScoresPayload, ScoreWriteResult } from '../schema/types.ts'
import { mayReadMarks } from '../store/loaders.ts'
import { shapeScore } from '../store/shapes.ts'
import {
  findActingTeacher,
  findPupils,
  findStoredScores,
  findTeachers,
  getTarget,
  lockBook,
  type Book,
  type BookRow,
  type StoredScore,
  type Target,
} from './book-at-hand.ts'
import { confirmedMarks, openBook, writeMarks, type BookToWrite, type Change } from './write-marks.ts'

type Decided = Decision<StoredScore>

const isChange = (decision: Decided): decision is Change => decision.status === 'CREATED' || decision.status === 'UPDATED'
const faultsOf = (decision: Decided): readonly Fault[] => ('faults' in decision ? decision.faults : [])

function acceptedOf(verdicts: readonly Verdict[]): AcceptedScore[] {
  return verdicts.flatMap((verdict) => ('accepted' in verdict ? [verdict.accepted] : []))
}

interface Answered {
  readonly status: `${BatchStatus}`
  readonly score: StoredScore | null
  readonly faults: readonly Fault[]
}

/** The answer as it is kept for a retry. */
interface Receipt {
  readonly schoolId: string
  readonly subjectCode: string
  readonly termId: string
  readonly statuses: readonly `${BatchStatus}`[]
  /** Marks and faults with the index of their record. */
  readonly scores: Table
  readonly faults: Table
  readonly rootCauses: readonly Cause[]
}

function receiptOf({ schoolId, subjectCode, termId }: Target, answered: readonly Answered[]): Receipt {
  return {
    schoolId,
    subjectCode,
    termId,
    statuses: answered.map(({ status }) => status),
    scores: pack(answered.flatMap(({ score }, index) => (score ? [{ ...score, index }] : []))),
    faults: pack(answered.flatMap(({ faults }, index) => faults.map((fault) => ({ ...fault, index })))),
    rootCauses: rootCauses(
      answered.map(({ faults }) => faults),
      SHARED_CAUSES,
    ),
  }
}

async function writeScores(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  input: RecordScoresInput,
): Promise<Receipt> {
  const target = await getTarget(context, tx, schoolId, input)
  const pupils = await findPupils(context, tx, target)
  const teachers = await findTeachers(context, tx, target, input)
  const actingFor = await findActingTeacher(context, tx, target)
  const { assessment } = target
  const rules = bookRules(target)
  const today = vietnamDay(context.now())

  const judge = async ({ state, ordinaryDeadline, finalDeadline }: Book, bookId: string | null): Promise<readonly Decided[]> => {
    const verdicts = validate(input.scores, {
      state,
      ordinaryDeadline,
      finalDeadline,
      assessment,
      rules,
      pupils,
      teachers,
      actingFor,
      today,
    })
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
  const confirmed = confirmedMarks(target, decisions.filter(({ status }) => status === 'UNCHANGED').length)
  const written = book && changes.length > 0 ? await writeMarks(context, tx, target, book, changes, confirmed) : []
  if (written.length === 0) await appendChanges(context, tx, 'gradebook', [], [confirmed])
  const scoreOf = new Map<Decided, StoredScore>(changes.map((change, index) => [change, written[index]!]))
  const answered = decisions.map((decision) => ({
    status: decision.status,
    score: scoreOf.get(decision) ?? ('stored' in decision ? decision.stored : null),
    faults: faultsOf(decision),
  }))
  return receiptOf(target, answered)
}

/** Whoever may write marks here and not read them is told what became of them, and shown none. */
async function payloadOf(
  context: SubgraphContext,
  { schoolId, subjectCode, termId, ...receipt }: Receipt,
): Promise<RecordScoresPayload> {
  const mayRead = context.viewer.scopes.includes('gradebook.read') && (await context.loaders.of(mayReadMarks).load(schoolId))
  const statuses = receipt.statuses.map((status) => BatchStatus[status])
  const results = statuses.map((status, index): ScoreWriteResult => ({ index, status, entity: null, errors: [] }))
  for (const { index, ...score } of unpack<StoredScore & { index: number }>(receipt.scores)) {
    context.touched.students.add(score.studentId)
    const row = { ...score, schoolId, subjectCode, termId, value: pointsOf(score.valueTenths) }
    if (mayRead) results[index]!.entity = shapeScore(row, context.viewer.applicationId)
  }
  for (const { index, ...fault } of unpack<Fault & { index: number }>(receipt.faults)) results[index]!.errors.push(fault)
  return { summary: summarize(statuses), results, rootCauses: [...receipt.rootCauses] }
}

export async function recordScores(context: SubgraphContext, input: RecordScoresInput): Promise<RecordScoresPayload> {
  const batch: Batch = {
    schema: 'gradebook',
    scope: 'gradebook.write',
    school: input.school,
    length: input.scores.length,
    body: { recordScores: input },
  }
  return payloadOf(context, await writeBatch(context, batch, (tx, schoolId) => writeScores(context, tx, schoolId, input)))
}
