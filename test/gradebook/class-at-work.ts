// A class of the sandbox with its pupils and one of its subject teachers: what a batch of marks speaks of.
import type { BatchMode, BatchStatus } from '../../subgraphs/kernel/batch.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { applicationViewer, schoolOf } from '../testkit/parties.ts'
import type { TestDatabase } from '../testkit/database.ts'
import type { TestSubgraph } from '../testkit/subgraph.ts'

export interface ClassAtWork {
  readonly schoolId: string
  readonly schoolCode: string
  readonly classId: string
  readonly className: string
  readonly termId: string
  readonly subject: string
  readonly teacher: string
  readonly teacherId: string
  /** Codes and ids in one order. */
  readonly pupils: readonly { id: string; code: string }[]
}

export interface ClassWanted {
  readonly application?: string
  readonly level?: string
  readonly grade?: number
  readonly subject?: string
  readonly schoolId?: string
  /** Which class of the grade, by name. */
  readonly nth?: number
}

export async function classAtWork(database: TestDatabase, wanted: ClassWanted = {}): Promise<ClassAtWork> {
  const { application = 'smas', level = 'THPT', grade = 10, subject = 'TOAN', nth = 0 } = wanted
  const schoolId = wanted.schoolId ?? (await schoolOf(database, application, { level })).id
  const [room] = await database.sql<Omit<ClassAtWork, 'pupils' | 'subject' | 'schoolId'>>(
    `select s.code as "schoolCode", c.id as "classId", c.name as "className", t.id as "termId", p.code as "teacher", p.id as "teacherId"
     from schools.class_room c
     join schools.school s on s.school_id = c.school_id
     join schools.term t on t.level = c.level and t.code = 'HKI' and t.school_year_id = c.school_year_id
     join schools.teaching_assignment a on a.school_id = c.school_id and a.class_id = c.id and a.term_id = t.id and a.subject_code = $3
     join schools.staff p on p.school_id = a.school_id and p.id = a.staff_id
     where c.school_id = $1 and c.grade = $2
     order by c.name offset $4 limit 1`,
    [schoolId, grade, subject, nth],
  )
  if (!room) throw new Error(`no class of grade ${grade} with ${subject} at ${schoolId}`)
  const pupils = await database.sql<{ id: string; code: string }>(
    `select id, code from schools.student where school_id = $1 and class_id = $2 and status = 'STUDYING' order by code`,
    [schoolId, room.classId],
  )
  return { ...room, schoolId, subject, pupils }
}

export interface SentMark {
  readonly student: Record<string, string>
  readonly kind: string
  readonly ordinal?: number
  readonly value?: number
  readonly remark?: string
  readonly enteredBy: Record<string, string>
  readonly externalId?: string
  readonly expectedVersion?: number
}

/** One mark of the nth pupil, entered by the assigned teacher. Regular 9: the sandbox stops at the third. */
export function mark(room: ClassAtWork, pupil: number, value: number, change: Partial<SentMark> = {}): SentMark {
  return {
    student: { code: room.pupils[pupil]!.code },
    kind: 'REGULAR',
    ordinal: 9,
    value,
    enteredBy: { code: room.teacher },
    ...change,
  }
}

export const RECORD = `mutation Record($input: RecordScoresInput!) {
  recordScores(input: $input) {
    summary { created updated unchanged rejected conflicts }
    results { index status entity { schoolId id value remark ordinal version updatedAt student { id } enteredBy { id } provenance { externalId } } errors { code path message messageVi } }
    rootCauses { code about blocks message messageVi }
  }
}`

export interface Recorded {
  summary: Record<'created' | 'updated' | 'unchanged' | 'rejected' | 'conflicts', number>
  results: {
    index: number
    status: `${BatchStatus}`
    entity: {
      id: string
      value: number | null
      remark: string | null
      version: number
      updatedAt: string
      enteredBy: { id: string }
      student: { id: string }
      provenance: { externalId: string | null }
    } | null
    errors: { code: string; path: string; message: string; messageVi: string }[]
  }[]
  rootCauses: { code: string; about: string | null; blocks: number }[]
}

export function inputOf(
  room: ClassAtWork,
  scores: readonly SentMark[],
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    school: { id: room.schoolId },
    schoolYear: '2026-2027',
    classRoom: { id: room.classId },
    subject: room.subject,
    term: 'HKI',
    mode: 'PARTIAL' satisfies `${BatchMode}`,
    scores,
    ...change,
  }
}

export async function record(
  subgraph: TestSubgraph,
  viewer: Viewer,
  room: ClassAtWork,
  scores: readonly SentMark[],
  change: Record<string, unknown> = {},
) {
  const answer = await subgraph.ask<{ recordScores: Recorded } | null>(viewer, RECORD, { input: inputOf(room, scores, change) })
  return { ...answer, recorded: answer.data?.recordScores as Recorded }
}

export const smas = (database: TestDatabase, idempotencyKey: string | null = null): Promise<Viewer> =>
  applicationViewer(database, 'smas', { idempotencyKey })

/** Rows behind the walls that a batch could have left: compared before and after what must leave none. */
export async function traces(database: TestDatabase): Promise<Record<string, number>> {
  const [row] = await database.sql<Record<string, number>>(
    `select (select count(*)::int from gradebook.gradebook) as books, (select count(*)::int from gradebook.score) as scores,
       (select coalesce(sum(version), 0)::int from gradebook.score) as versions,
       (select count(*)::int from gradebook.score_amendment) as amendments, (select count(*)::int from gradebook.outbox) as outbox,
       (select count(*)::int from gradebook.idempotency_answer) as answers, (select count(*)::int from access.audit_event) as audits`,
  )
  return row!
}
