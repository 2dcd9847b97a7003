// The history of pupils at a school: lines that open with an admission and close with a move or a leaving; none is rewritten.
import type { ChangeEvent } from '../../kernel/outbox.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Written } from '../../kernel/records/write-records.ts'
import * as sql from '../store/writing.ts'
import type { StoredStudent } from './at-the-desk.ts'
import type { Desk } from './roster-batch.ts'

/** What a change of a pupil does to the history. */
export interface EnrolmentEffect {
  readonly on: string
  /** The open line closes: with a move the pupil is still studying. */
  readonly close: { readonly id: string; readonly status: string; readonly reason: string | null } | null
  readonly open: {
    readonly classId: string
    readonly className: string
    readonly yearId: string
    readonly yearCode: string
  } | null
}

type WrittenStudent = Pick<Written<StoredStudent, EnrolmentEffect>, 'id' | 'key' | 'effect'>

export async function writeEnrolments(
  { context, tx, schoolId }: Desk,
  written: readonly WrittenStudent[],
): Promise<readonly ChangeEvent[]> {
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const at = now.toISOString()
  const event = (id: string, naturalKey: string, version: number): ChangeEvent => ({
    schoolId,
    entity: 'Enrolment',
    entityId: id,
    naturalKey,
    event: version === 1 ? 'NEW' : 'UPDATE',
    version,
  })
  const events: ChangeEvent[] = []

  const closed = written.flatMap(({ effect, key }) => (effect?.close ? [{ ...effect.close, on: effect.on, key }] : []))
  if (closed.length > 0) {
    const ids = closed.map(({ id }) => id)
    await tx.query(sql.keepFormer('enrolment'), [schoolId, 'Enrolment', ids, at, applicationId, accountId])
    const rows = await tx.query<{ id: string; version: number }>(sql.CLOSE_ENROLMENTS, [
      schoolId,
      at,
      applicationId,
      ids,
      closed.map(({ on }) => on),
      closed.map(({ status }) => status),
      closed.map(({ reason }) => reason),
    ])
    const keys = new Map(closed.map(({ id, key }) => [id, key]))
    events.push(...rows.map(({ id, version }) => event(id, `${keys.get(id)}/${id}`, version)))
  }

  const opened = written.flatMap(({ id: studentId, effect, key }) =>
    effect?.open ? [{ ...effect.open, id: uuidv7(now), studentId, on: effect.on, key }] : [],
  )
  if (opened.length > 0) {
    await tx.query(sql.OPEN_ENROLMENTS, [
      schoolId,
      at,
      applicationId,
      opened.map(({ id }) => id),
      opened.map(({ studentId }) => studentId),
      opened.map(({ classId }) => classId),
      opened.map(({ yearId }) => yearId),
      opened.map(({ on }) => on),
    ])
    events.push(...opened.map(({ id, key }) => event(id, `${key}/${id}`, 1)))
  }
  return events
}
