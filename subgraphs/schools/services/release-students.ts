// Letting pupils go to another school: an act of the school, or of the authority that manages it on that day.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import type { ChangeEvent } from '../../kernel/outbox.ts'
import { listedSchools, type ListedSchool } from '../../kernel/school-ref.ts'
import { isStorable } from '../../kernel/text.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { isCodeOf } from '../roster/code-lists.ts'
import type { Findings, Judged } from '../../kernel/records/decide.ts'
import type { Written } from '../../kernel/records/write-records.ts'
import type { ReleaseInput, ReleaseStudentsInput } from '../schema/transfer-inputs.ts'
import type { Student } from '../schema/types.ts'
import * as sql from '../store/transfer-queries.ts'
import type { StoredStudent } from './at-the-desk.ts'
import { frame, judgeAct, studentsIn } from './enrolment-acts.ts'
import { writeEnrolments, type EnrolmentEffect } from './enrolment-lines.ts'
import { writeRoster, type Desk } from './roster-batch.ts'
import { releasesInForce, transferEvent, type ReleaseInForce } from './transfer-guard.ts'

interface ReleaseEffect extends EnrolmentEffect {
  readonly release: {
    /** The release that is changed; null opens one. */
    readonly id: string | null
    readonly to: ListedSchool | null
    readonly reason: string | null
  }
}

/** On which days the caller may let pupils of the school go: the school always, an authority while it manages the school. */
async function daysOf({ context, tx, schoolId }: Desk): Promise<(day: string) => boolean> {
  const { role, applicationId, authorityId } = context.viewer
  if (applicationId !== null || role !== 'AUTHORITY_OFFICER') return () => true
  const periods = await tx.query<{ from: string; to: string | null }>(sql.DAYS_OF_MANAGEMENT, [schoolId, authorityId])
  return (day) => periods.some(({ from, to }) => from <= day && (to === null || day <= to))
}

const receiversIn = ({ tx }: Desk, releases: readonly ReleaseInput[]): Promise<ReadonlyMap<string, ListedSchool>> =>
  listedSchools(
    tx,
    releases.flatMap(({ toSchool }) => (toSchool && isStorable(toSchool) ? [toSchool] : [])),
  )

interface Around {
  readonly schoolId: string
  readonly today: string
  readonly mayOn: (day: string) => boolean
  readonly receivers: ReadonlyMap<string, ListedSchool>
  readonly inForce: ReadonlyMap<string, ReleaseInForce>
}

/** The receiving school; undefined where it is named and not known. */
function receiverOf(
  { toSchool }: ReleaseInput,
  { receivers, schoolId }: Around,
  found: Findings,
): ListedSchool | null | undefined {
  if (!toSchool) return null
  const to = receivers.get(toSchool)
  if (to && to.id !== schoolId) return to
  found.add('SCHOOL_CODE_UNKNOWN', 'toSchool')
  return undefined
}

function judge(
  sent: ReleaseInput,
  students: Parameters<typeof judgeAct>[1],
  around: Around,
): Judged<StoredStudent, ReleaseEffect> {
  const { today, mayOn, inForce } = around
  const reason = sent.reason ?? null
  let to: ListedSchool | null | undefined = null
  const judged = judgeAct(sent, students, today, ({ id, values, enrolmentId }, found) => {
    if (!mayOn(sent.on ?? today)) return found.add('NOT_MANAGING_AUTHORITY', 'on')
    if (reason !== null && !isCodeOf('LEAVING_REASON', reason)) return found.add('CODE_UNKNOWN', 'reason')
    to = receiverOf(sent, around, found)
    if (inForce.get(id)?.state === 'TAKEN') return found.add('STUDENT_MOVED_ON', 'student')
    return {
      values: { ...values, status: 'TRANSFERRED_OUT', class_id: null },
      close: enrolmentId ? { id: enrolmentId, status: 'TRANSFERRED_OUT', reason } : null,
      open: null,
    }
  })
  const known = judged.stored ? inForce.get(judged.stored.id) : undefined
  const receiver = to ?? null
  return {
    ...judged,
    acts: known === undefined || known.toSchool !== (receiver as ListedSchool | null)?.id,
    effect: judged.effect && { ...judged.effect, release: { id: known?.id ?? null, to: receiver, reason } },
  }
}

async function writeReleases(
  desk: Desk,
  written: readonly Written<StoredStudent, ReleaseEffect>[],
): Promise<readonly ChangeEvent[]> {
  const { context, tx, schoolId } = desk
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const at = now.toISOString()
  const all = written.map(({ id: studentId, key, effect }) => ({ studentId, key, on: effect!.on, ...effect!.release }))
  const opened = all.filter(({ id }) => id === null).map((one) => ({ ...one, id: uuidv7(now) }))
  const changed = all.flatMap(({ id, ...one }) => (id === null ? [] : [{ ...one, id }]))
  const events: ChangeEvent[] = []
  if (opened.length > 0) {
    await tx.query(sql.OPEN_RELEASES, [
      schoolId,
      at,
      applicationId,
      opened.map(({ id }) => id),
      opened.map(({ studentId }) => studentId),
      opened.map(({ to }) => to?.id ?? null),
      opened.map(({ to }) => to?.code ?? null),
      opened.map(({ on }) => on),
      opened.map(({ reason }) => reason),
    ])
    events.push(...opened.map(({ id, key }) => transferEvent(schoolId, id, key, 1)))
  }
  if (changed.length > 0) {
    const ids = changed.map(({ id }) => id)
    await tx.query(sql.KEEP_FORMER_TRANSFERS, [schoolId, ids, at, applicationId, accountId])
    const rows = await tx.query<{ id: string; version: number }>(sql.CHANGE_RELEASES, [
      schoolId,
      at,
      applicationId,
      ids,
      changed.map(({ to }) => to?.id ?? null),
      changed.map(({ to }) => to?.code ?? null),
      changed.map(({ reason }) => reason),
    ])
    const keys = new Map(changed.map(({ id, key }) => [id, key]))
    events.push(...rows.map(({ id, version }) => transferEvent(schoolId, id, keys.get(id) ?? '', version)))
  }
  return events
}

export function releaseStudents(context: SubgraphContext, input: ReleaseStudentsInput): Promise<BatchPayload<Student>> {
  return writeRoster<StoredStudent, ReleaseEffect, Student>(context, {
    ...frame,
    name: 'releaseStudents',
    input,
    length: input.releases.length,
    fields: [...frame.fields, 'Student.transfers'],
    judge: async (desk) => {
      const students = await studentsIn(desk, input.releases)
      const around: Around = {
        schoolId: desk.schoolId,
        today: vietnamDay(context.now()),
        mayOn: await daysOf(desk),
        receivers: await receiversIn(desk, input.releases),
        inForce: await releasesInForce(
          desk,
          students.all().map(({ id }) => id),
        ),
      }
      return input.releases.map((sent) => judge(sent, students, around))
    },
    // The line closes first: a release says which class the pupil came from.
    follow: async (desk, written) => [...(await writeEnrolments(desk, written)), ...(await writeReleases(desk, written))],
  })
}
