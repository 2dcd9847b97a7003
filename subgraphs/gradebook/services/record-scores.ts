// Entering marks: one batch of one class, subject and term, in one transaction with its history, outbox and audit.
import { assertBatchSize, BatchStatus, summarize } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { chosen } from '../../kernel/reference.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { bookRules, type BookFacts } from '../scores/book-rules.ts'
import { deadlinesOf, type Deadlines, type TermDates } from '../scores/deadlines.ts'
import { decide, type Decision, type StoredMark } from '../scores/decide.ts'
import { pointsOf } from '../scores/mark.ts'
import { People, wordsOf, type KnownPerson } from '../scores/people.ts'
import { rootCauses, type Cause } from '../scores/root-causes.ts'
import { startOf } from '../scores/school-year.ts'
import { isStorable, scoreKey, validate, type AcceptedScore, type Fault, type Teacher, type Verdict } from '../scores/validate.ts'
import type { ClassRoomOfYearRef, RecordScoresInput } from '../schema/inputs.ts'
import type { RecordScoresPayload } from '../schema/types.ts'
import { mayReadMarks } from '../store/loaders.ts'
import { shapeScore } from '../store/shapes.ts'
import * as sql from '../store/writing.ts'

type SchoolRefInput = RecordScoresInput['school']

async function findSchoolId(context: SubgraphContext, ref: SchoolRefInput): Promise<string | null> {
  const by = chosen(ref, ['id', 'code', 'externalId'])
  const word = ref[by]!
  if (by === 'id') return isUuid(word) ? word : null
  if (!isStorable(word)) return null
  return context.database.read(context, { scope: 'gradebook.write' }, async (tx) => {
    const rows = await (by === 'code'
      ? tx.query<{ id: string }>(sql.SCHOOL_ID_BY_CODE, [tx.schools, word])
      : tx.query<{ id: string }>(sql.SCHOOL_ID_BY_EXTERNAL_ID, [tx.schools, context.viewer.applicationId, word]))
    return rows[0]?.id ?? null
  })
}

interface Book extends Deadlines {
  readonly state: 'OPEN' | 'LOCKED' | 'CLOSED'
}

interface BookRow extends Book, Record<string, unknown> {
  readonly id: string
}

type FactsRow = BookFacts & TermDates & Record<string, unknown> & { readonly classId: string; readonly className: string; readonly termId: string }

/** What the batch is about, all of it there. */
interface Target extends FactsRow {
  readonly schoolId: string
  readonly startYear: number
}

const notFound = (path: string): PlatformError => new PlatformError('RECORD_NOT_ACCESSIBLE', { path: ['input', path] })

function classWords(ref: ClassRoomOfYearRef): { id: string | null; name: string | null; externalId: string | null } {
  const by = chosen(ref, ['id', 'name', 'externalId'])
  const word = ref[by]!
  if (by === 'id' ? !isUuid(word) : !isStorable(word)) throw notFound('classRoom')
  return { id: null, name: null, externalId: null, [by]: by === 'name' ? word.normalize('NFC') : word }
}

async function getTarget(context: SubgraphContext, tx: Transaction, schoolId: string, input: RecordScoresInput): Promise<Target> {
  const { schoolYear, term, subject } = input
  const startYear = startOf(schoolYear)
  if (startYear === null) throw notFound('schoolYear')
  if (!isStorable(subject)) throw notFound('subject')
  if (!isStorable(term)) throw notFound('term')
  const room = classWords(input.classRoom)
  const [row] = await tx.query<FactsRow>(sql.BOOK_FACTS, [
    schoolId,
    schoolYear,
    room.id,
    room.name,
    room.externalId,
    term,
    subject,
    context.viewer.applicationId,
  ])
  if (!row) throw notFound('classRoom')
  if (!row.termId) throw notFound('term')
  if (!row.subjectCode) throw notFound('subject')
  return { ...row, schoolId, startYear, schoolYear, term }
}

async function findPupils(context: SubgraphContext, tx: Transaction, { schoolId, classId }: Target): Promise<People<KnownPerson>> {
  return new People(await tx.query<KnownPerson & Record<string, unknown>>(sql.PUPILS_OF_CLASS, [schoolId, classId, context.viewer.applicationId]))
}

async function findTeachers(context: SubgraphContext, tx: Transaction, target: Target, input: RecordScoresInput): Promise<People<Teacher>> {
  const refs = input.scores.map(({ enteredBy }) => enteredBy)
  return new People(
    await tx.query<Teacher & Record<string, unknown>>(sql.TEACHERS_NAMED, [
      target.schoolId,
      context.viewer.applicationId,
      wordsOf(refs, 'id').filter(isUuid),
      wordsOf(refs, 'code').filter(isStorable),
      wordsOf(refs, 'externalId').filter(isStorable),
      target.classId,
      target.subjectCode,
      target.termId,
    ]),
  )
}

async function lockBook(tx: Transaction, { schoolId, classId, subjectCode, termId }: Target): Promise<BookRow | null> {
  return (await tx.query<BookRow>(sql.LOCK_GRADEBOOK, [schoolId, classId, subjectCode, termId]))[0] ?? null
}

interface StoredRow extends StoredMark, Record<string, unknown> {
  readonly id: string
  readonly classId: string
  readonly staffId: string
  readonly updatedAt: string
  readonly applicationId: string | null
  readonly externalId: string | null
}

async function lockScores(tx: Transaction, target: Target, accepted: readonly AcceptedScore[]): Promise<StoredRow[]> {
  if (accepted.length === 0) return []
  return tx.query<StoredRow>(sql.LOCK_SCORES, [
    target.schoolId,
    target.startYear,
    target.subjectCode,
    target.termId,
    accepted.map(({ studentId }) => studentId),
    accepted.map(({ kind }) => kind),
    accepted.map(({ ordinal }) => ordinal),
  ])
}

type Change = Extract<Decision<StoredRow>, { status: 'CREATED' | 'UPDATED' }>
const isChange = (decision: Decision<StoredRow>): decision is Change => decision.status === 'CREATED' || decision.status === 'UPDATED'
const acceptedOf = (verdicts: readonly Verdict[]): AcceptedScore[] => verdicts.flatMap((verdict) => ('accepted' in verdict ? [verdict.accepted] : []))

async function upsertScores(context: SubgraphContext, tx: Transaction, target: Target, bookId: string, changes: readonly Change[]): Promise<Map<string, StoredRow>> {
  const now = context.now()
  const rows = await tx.query<StoredRow>(sql.UPSERT_SCORES, [
    target.schoolId,
    target.startYear,
    bookId,
    target.classId,
    target.subjectCode,
    target.termId,
    context.viewer.applicationId,
    now.toISOString(),
    changes.map(({ stored }) => stored?.id ?? uuidv7(now)),
    changes.map(({ score }) => score.studentId),
    changes.map(({ score }) => score.kind),
    changes.map(({ score }) => score.ordinal),
    changes.map(({ score }) => score.valueTenths),
    changes.map(({ score }) => score.remark),
    changes.map(({ score }) => score.staffId),
    changes.map(({ score }) => score.externalId),
    changes.map(({ stored }) => (stored?.version ?? 0) + 1),
  ])
  // Only a pupil who changes class in this very moment has marks in reach of two books at once.
  if (rows.length !== changes.length) throw new PlatformError('VERSION_CONFLICT')
  return new Map(rows.map((row) => [scoreKey(row.studentId, row.kind, row.ordinal), row]))
}

async function appendAmendments(context: SubgraphContext, tx: Transaction, schoolId: string, changes: readonly Change[]): Promise<void> {
  const amended = changes.flatMap((change) => (change.status === 'UPDATED' ? [change] : []))
  if (amended.length === 0) return
  const now = context.now()
  await tx.query(sql.APPEND_AMENDMENTS, [
    schoolId,
    context.viewer.applicationId,
    now.toISOString(),
    amended.map(() => uuidv7(now)),
    amended.map(({ stored }) => stored.id),
    amended.map(({ stored }) => stored.valueTenths),
    amended.map(({ stored }) => stored.remark),
    amended.map(({ score }) => score.valueTenths),
    amended.map(({ score }) => score.remark),
    amended.map(({ score }) => score.staffId),
    amended.map(({ stored }) => stored.version + 1),
  ])
}

interface Written {
  readonly bookId: string
  readonly bookIsNew: boolean
  readonly changes: readonly Change[]
  readonly rows: ReadonlyMap<string, StoredRow>
}

/** The feed and the audit, in the transaction of the change. */
async function tell(context: SubgraphContext, tx: Transaction, target: Target, { bookId, bookIsNew, changes, rows }: Written): Promise<void> {
  const { schoolId, schoolYear, term, subjectCode, className } = target
  const events = changes.map(({ status, score }): ChangeEvent => {
    const row = rows.get(scoreKey(score.studentId, score.kind, score.ordinal))!
    return {
      schoolId,
      entity: 'Score',
      entityId: row.id,
      naturalKey: `${score.studentCode}/${schoolYear}/${term}/${subjectCode}/${score.kind}/${score.ordinal}`,
      event: status === 'CREATED' ? 'NEW' : 'UPDATE',
      version: row.version,
    }
  })
  const book: ChangeEvent = {
    schoolId,
    entity: 'Gradebook',
    entityId: bookId,
    naturalKey: `${className}/${schoolYear}/${term}/${subjectCode}`,
    event: 'NEW',
    version: 1,
  }
  await appendChanges(context, tx, 'gradebook', bookIsNew ? [book, ...events] : events)
  await appendWriteAudit(context, tx, {
    fields: [target.assessment === 'SCORED' ? 'Score.value' : 'Score.remark'],
    schools: [schoolId],
    students: [...new Set(changes.map(({ score }) => score.studentId))],
  })
}

/** The answer as it is kept for a retry: rows of the store, shaped for the contract only on the way out. */
interface Receipt {
  readonly schoolId: string
  readonly subjectCode: string
  readonly termId: string
  readonly results: readonly { readonly status: `${BatchStatus}`; readonly row: StoredRow | null; readonly faults: readonly Fault[] }[]
  readonly rootCauses: readonly Cause[]
}

async function writeBatch(context: SubgraphContext, tx: Transaction, schoolId: string, input: RecordScoresInput): Promise<Receipt> {
  const target = await getTarget(context, tx, schoolId, input)
  const pupils = await findPupils(context, tx, target)
  const teachers = await findTeachers(context, tx, target, input)
  const rules = bookRules(target)
  const unopened: Book = { state: 'OPEN', ...deadlinesOf(target) }
  const today = vietnamDay(context.now())

  const judge = async (book: Book): Promise<Decision<StoredRow>[]> => {
    const { state, ordinaryDeadline, finalDeadline } = book
    const verdicts = validate(input.scores, { state, ordinaryDeadline, finalDeadline, assessment: target.assessment, rules, pupils, teachers, today })
    return decide(verdicts, await lockScores(tx, target, acceptedOf(verdicts)), input.mode)
  }

  let book = await lockBook(tx, target)
  let decisions = await judge(book ?? unopened)
  let bookIsNew = false
  if (book === null && decisions.some(isChange)) {
    const { ordinaryDeadline, finalDeadline } = unopened
    const [opened] = await tx.query<BookRow>(sql.OPEN_GRADEBOOK, [
      schoolId,
      uuidv7(context.now()),
      target.classId,
      target.subjectCode,
      target.termId,
      ordinaryDeadline,
      finalDeadline,
      context.now().toISOString(),
    ])
    bookIsNew = opened !== undefined
    book = opened ?? (await lockBook(tx, target))
    // Another batch opened the book while this one was judging: judge again by the book and the marks that stand now.
    if (!bookIsNew && book) decisions = await judge(book)
  }

  const changes = decisions.filter(isChange)
  let rows: ReadonlyMap<string, StoredRow> = new Map()
  if (book && changes.length > 0) {
    rows = await upsertScores(context, tx, target, book.id, changes)
    await appendAmendments(context, tx, schoolId, changes)
    await tell(context, tx, target, { bookId: book.id, bookIsNew, changes, rows })
  }
  const faultsOf = (decision: Decision<StoredRow>): readonly Fault[] => ('faults' in decision ? decision.faults : [])
  const rowOf = (decision: Decision<StoredRow>): StoredRow | null => {
    if (!isChange(decision)) return 'stored' in decision ? decision.stored : null
    const { studentId, kind, ordinal } = decision.score
    return rows.get(scoreKey(studentId, kind, ordinal)) ?? null
  }
  return {
    schoolId,
    subjectCode: target.subjectCode,
    termId: target.termId,
    results: decisions.map((decision) => ({ status: decision.status, row: rowOf(decision), faults: faultsOf(decision) })),
    rootCauses: rootCauses(decisions.map(faultsOf)),
  }
}

async function payloadOf(context: SubgraphContext, { schoolId, subjectCode, termId, results, rootCauses: causes }: Receipt): Promise<RecordScoresPayload> {
  const mayRead = context.viewer.scopes.includes('gradebook.read') && (await context.loaders.of(mayReadMarks).load(schoolId))
  const statuses = results.map(({ status }) => BatchStatus[status])
  return {
    summary: summarize(statuses),
    results: results.map(({ row, faults }, index) => {
      if (row) context.touched.students.add(row.studentId)
      const entity =
        row && mayRead ? shapeScore({ ...row, schoolId, subjectCode, termId, value: pointsOf(row.valueTenths) }, context.viewer.applicationId) : null
      return { index, status: statuses[index]!, entity, errors: [...faults] }
    }),
    rootCauses: [...causes],
  }
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
