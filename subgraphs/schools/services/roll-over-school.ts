// Rolling a school over to the new year: a plan to look at, and the one act that carries out the plan that was looked at.
import { BATCH_MAX, BatchStatus } from '../../kernel/batch.ts'
import { writeBatch, type Batch } from '../../kernel/batch-write.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { isDay } from '../../kernel/scalars.ts'
import { mayAt } from '../../kernel/records/write-records.ts'
import type { RolloverInput, RollOverSchoolInput } from '../schema/rollover-inputs.ts'
import type { RolloverPlan, RolloverResult } from '../schema/rollover-types.ts'
import * as sql from '../store/writing.ts'
import type { SchoolYearAtHand } from './at-the-desk.ts'
import { getSchool } from './lookup.ts'
import type { Desk } from './roster-batch.ts'
import { drawPlan, findRollover, getYears, shown, type Kept } from './rollover-plan.ts'
import { ownersAt } from './proposals.ts'
import { carryOut } from './rollover-writing.ts'

const NEEDED = ['school.write', 'student.basic.write'] as const

async function deskOf(context: SubgraphContext, tx: Transaction, schoolId: string, lock: boolean): Promise<Desk> {
  const [school] = await tx.query<{ levels: string[] }>(lock ? sql.LOCK_SCHOOL : sql.LEVELS_OF_SCHOOL, [schoolId])
  const [agreed] = await tx.query<{ terms: string[] | null }>(sql.TERMS_OF_AGREEMENT, [schoolId])
  // Whoever sees some classes of a school would roll over a part of it.
  if (!school || agreed!.terms)
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'The agreement names levels or school years: a part of a school does not roll over.',
      messageVi: 'Thỏa thuận chỉ nêu một số cấp học hoặc năm học: không thể kết chuyển một phần trường.',
    })
  return { context, tx, schoolId, levels: school.levels, terms: null }
}

async function assertMay(context: SubgraphContext, schoolId: string): Promise<void> {
  for (const scope of NEEDED)
    if (!(await mayAt(context, scope, schoolId))) throw new PlatformError('SCOPE_MISSING', { requiredScopes: [NEEDED] })
}

/** A rollover rewrites every class and line: a product that owns neither has nothing to propose that one could decide in parts. */
async function assertOwner(desk: Desk): Promise<void> {
  const { applicationId, accountId } = desk.context.viewer
  if (applicationId === null || accountId !== null) return
  const owners = await ownersAt(desk, ['CLASS_ROOM', 'STUDENT_ENROLMENT'])
  if ([...owners.values()].some((owner) => owner !== null && owner.applicationId !== applicationId))
    throw new PlatformError('ACT_FORBIDDEN', {
      message:
        'Another application owns the classes or enrolments of the school, see `fieldOwners`: it rolls over, or the principal.',
      messageVi:
        'Ứng dụng khác làm chủ dữ liệu lớp hoặc quá trình học của trường, xem `fieldOwners`: ứng dụng đó hoặc hiệu trưởng kết chuyển.',
    })
}

function assertSize({ repeaters, classes }: RolloverInput): void {
  if (repeaters.length > BATCH_MAX || classes.length > BATCH_MAX) throw new PlatformError('LIST_TOO_LONG')
}

const done = (schoolId: string, { plan, hash }: Kept): RolloverPlan => shown(schoolId, plan, hash, true)

export async function previewRollover(context: SubgraphContext, input: RolloverInput): Promise<RolloverPlan> {
  assertSize(input)
  const { id: schoolId } = await getSchool(context, input.school)
  await assertMay(context, schoolId)
  return context.database.read(context, { scope: 'student.basic.write', schools: [schoolId] }, async (tx) => {
    const desk = await deskOf(context, tx, schoolId, false)
    await assertOwner(desk)
    const { from, to } = await getYears(desk, input)
    const kept = await findRollover(desk, from, to)
    if (kept) return done(schoolId, kept)
    const { plan, hash } = await drawPlan(desk, input, from, to)
    const early = vietnamDay(context.now()) <= from.endsOn ? [{ code: 'YEAR_NOT_OVER' as const, path: from.code, count: 1 }] : []
    return shown(schoolId, { ...plan, warnings: [...plan.warnings, ...early] }, hash, false)
  })
}

function dayOf(context: SubgraphContext, { on }: RollOverSchoolInput, from: SchoolYearAtHand): string {
  const today = vietnamDay(context.now())
  const day = on ?? today
  if (!isDay(day) || day > today) throw new PlatformError('DATE_INVALID', { path: ['input', 'on'] })
  if (day <= from.endsOn) throw new PlatformError('YEAR_NOT_OVER', { path: ['input', 'on'] })
  return day
}

interface Receipt {
  readonly schoolId: string
  readonly status: 'CREATED' | 'UNCHANGED'
}

async function rollOver(desk: Desk, input: RollOverSchoolInput): Promise<Receipt> {
  const { context, schoolId } = desk
  await assertOwner(desk)
  const { from, to } = await getYears(desk, input)
  const kept = await findRollover(desk, from, to)
  if (kept) {
    if (kept.hash === input.planHash) return { schoolId, status: 'UNCHANGED' }
    throw new PlatformError('ROLLOVER_DONE', { hash: kept.hash })
  }
  const drawn = await drawPlan(desk, input, from, to)
  if (drawn.hash !== input.planHash) throw new PlatformError('PLAN_STALE', { hash: drawn.hash })
  if (drawn.plan.problems.length > 0) throw new PlatformError('ROLLOVER_REFUSED', { problems: drawn.plan.problems })
  await carryOut(desk, drawn, dayOf(context, input, from))
  return { schoolId, status: 'CREATED' }
}

export async function rollOverSchool(context: SubgraphContext, input: RollOverSchoolInput): Promise<RolloverResult> {
  assertSize(input)
  const { id } = await getSchool(context, input.school)
  await assertMay(context, id)
  const batch: Batch = {
    schema: 'schools',
    scope: 'student.basic.write',
    school: { id },
    length: 1,
    body: { rollOverSchool: input },
  }
  const { schoolId, status } = await writeBatch(context, batch, async (tx) =>
    rollOver(await deskOf(context, tx, id, true), input),
  )
  const plan = await context.database.read(context, { scope: 'student.basic.write', schools: [schoolId] }, async (tx) => {
    const desk = await deskOf(context, tx, schoolId, false)
    const { from, to } = await getYears(desk, input)
    return done(schoolId, (await findRollover(desk, from, to))!)
  })
  return { status: BatchStatus[status], plan }
}
