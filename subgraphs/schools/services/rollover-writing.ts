// A plan of a rollover carried out: one statement for each thing that is written, the former versions, the feed and the log.
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Member, PlannedClass } from '../roster/rollover.ts'
import * as rollover from '../store/rollover-queries.ts'
import * as sql from '../store/writing.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { upsert } from '../../kernel/records/table.ts'
import type { Desk } from './roster-batch.ts'
import type { Drawn, StudyingPupil } from './rollover-plan.ts'

/** A pupil with where the plan puts them; without a class for who has finished. */
interface Move {
  readonly pupil: StudyingPupil
  readonly member: Member
  readonly classId: string | null
}

const STAYS: ReadonlySet<string> = new Set(['PLACED', 'NEW'])

/** The classes of the new year by name, those that are made now among them. */
async function makeClasses(
  { context, tx, schoolId }: Desk,
  { plan, to }: Drawn,
): Promise<{ ids: Map<string, string>; events: ChangeEvent[] }> {
  const { applicationId } = context.viewer
  const now = context.now()
  const made = plan.classes.filter(({ id }) => id === null).map((room) => ({ ...room, id: uuidv7(now) }))
  const ids = new Map(plan.classes.flatMap(({ name, id }) => (id === null ? [] : [[name, id] as const])))
  for (const { name, id } of made) ids.set(name, id)
  if (made.length > 0)
    await tx.query(upsert(sql.CLASS_ROOM), [
      schoolId,
      now.toISOString(),
      applicationId,
      made.map(({ id }) => id),
      made.map(() => 1),
      made.map(() => to.id),
      made.map(({ name }) => name),
      made.map(({ grade }) => grade),
      made.map(({ level }) => level),
    ])
  const event = ({ id, name }: { id: string; name: string }): ChangeEvent => ({
    schoolId,
    entity: 'ClassRoom',
    entityId: id,
    naturalKey: `${to.code}/${name}`,
    event: 'NEW',
    version: 1,
  })
  return { ids, events: made.map(event) }
}

async function movePupils({ context, tx, schoolId }: Desk, moves: readonly Move[]): Promise<ChangeEvent[]> {
  const { applicationId, accountId } = context.viewer
  const at = context.now().toISOString()
  const ids = moves.map(({ pupil }) => pupil.id)
  await tx.query(sql.keepFormer('student'), [schoolId, 'Student', ids, at, applicationId, accountId])
  const rows = await tx.query<{ id: string; code: string; version: number }>(rollover.PLACE_PUPILS, [
    schoolId,
    at,
    applicationId,
    ids,
    moves.map(({ classId }) => classId),
    moves.map(({ classId }) => (classId === null ? 'GRADUATED' : 'STUDYING')),
  ])
  return rows.map(({ id, code, version }) => ({
    schoolId,
    entity: 'Student',
    entityId: id,
    naturalKey: code,
    event: 'UPDATE',
    version,
  }))
}

async function writeLines(
  desk: Desk,
  { to }: Drawn,
  moves: readonly Move[],
  stays: readonly Move[],
  day: string,
): Promise<ChangeEvent[]> {
  const { context, tx, schoolId } = desk
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const at = now.toISOString()
  const codes = new Map<string, string>()
  const event = (id: string, version: number): ChangeEvent => ({
    schoolId,
    entity: 'Enrolment',
    entityId: id,
    naturalKey: `${codes.get(id)}/${id}`,
    event: version === 1 ? 'NEW' : 'UPDATE',
    version,
  })
  const lineOf = ({ pupil }: Move): string => pupil.enrolmentId!
  for (const move of [...moves, ...stays]) codes.set(lineOf(move), move.pupil.code)
  await tx.query(sql.keepFormer('enrolment'), [schoolId, 'Enrolment', [...codes.keys()], at, applicationId, accountId])
  const closed = await tx.query<{ id: string; version: number }>(sql.CLOSE_ENROLMENTS, [
    schoolId,
    at,
    applicationId,
    moves.map(lineOf),
    moves.map(() => day),
    moves.map(({ classId }) => (classId === null ? 'GRADUATED' : 'STUDYING')),
    moves.map(() => null),
  ])
  const opened = moves.filter(({ classId }) => classId !== null).map((move) => ({ ...move, id: uuidv7(now) }))
  for (const { id, pupil } of opened) codes.set(id, pupil.code)
  await tx.query(rollover.OPEN_NUMBERED, [
    schoolId,
    at,
    applicationId,
    to.id,
    day,
    opened.map(({ id }) => id),
    opened.map(({ pupil }) => pupil.id),
    opened.map(({ classId }) => classId),
    opened.map(({ member }) => member.rollNumber),
  ])
  const renumbered = await tx.query<{ id: string; version: number }>(rollover.NUMBER_LINES, [
    schoolId,
    at,
    applicationId,
    stays.map(lineOf),
    stays.map(({ member }) => member.rollNumber),
  ])
  return [...closed, ...renumbered].map(({ id, version }) => event(id, version)).concat(opened.map(({ id }) => event(id, 1)))
}

function movesOf({ pupils, plan }: Drawn, ids: ReadonlyMap<string, string>): Move[] {
  const move = (member: Member, classId: string | null): Move => ({ member, classId, pupil: pupils.get(member.pupilId)! })
  const inClass = ({ name, members }: PlannedClass): Move[] => members.map((member) => move(member, ids.get(name)!))
  return [...plan.classes.flatMap(inClass), ...plan.graduates.map((member) => move(member, null))]
}

export async function carryOut(desk: Desk, drawn: Drawn, day: string): Promise<void> {
  const { context, tx, schoolId } = desk
  const { from, to, hash, plan } = drawn
  const { applicationId, accountId } = context.viewer
  const now = context.now()
  const { ids, events } = await makeClasses(desk, drawn)
  const all = movesOf(drawn, ids)
  const moves = all.filter(({ member }) => !STAYS.has(member.outcome))
  // A line cannot close before it opened: who was admitted later than the day given keeps the school from that day.
  if (moves.some(({ pupil }) => pupil.admittedOn === null || pupil.admittedOn > day))
    throw new PlatformError('DATE_INVALID', { path: ['input', 'on'] })
  const stays = all.filter(({ member, pupil }) => STAYS.has(member.outcome) && member.rollNumber !== pupil.rollNumber)
  const pupils = await movePupils(desk, moves)
  const lines = await writeLines(desk, drawn, moves, stays, day)
  const id = uuidv7(now)
  await tx.query(rollover.KEEP_ROLLOVER, [
    schoolId,
    id,
    from.id,
    to.id,
    hash,
    JSON.stringify(plan),
    day,
    now.toISOString(),
    applicationId,
    accountId,
  ])
  const own: ChangeEvent = {
    schoolId,
    entity: 'Rollover',
    entityId: id,
    naturalKey: `${from.code}/${to.code}`,
    event: 'NEW',
    version: 1,
  }
  await appendChanges(context, tx, 'schools', [...events, ...pupils, ...lines, own])
  await appendWriteAudit(context, tx, {
    fields: ['ClassRoom.name', 'Student.status', 'Student.classRoom', 'Student.enrolments'],
    schools: [schoolId],
    students: all.map(({ pupil }) => pupil.id),
  })
}
