// What every batch of the roster has beside what all batches have: the school locked, the terms of the agreement, the owners of fields.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { recordFault } from '../../kernel/errors.ts'
import type { Judged, Stored } from '../../kernel/records/decide.ts'
import { writeRecords, type Act as ActOf, type Desk as Place, type Frame } from '../../kernel/records/write-records.ts'
import type { Fault } from '../../kernel/root-causes.ts'
import * as sql from '../store/writing.ts'
import { proposedFor, recordProposals, withheldFromOthers } from './proposals.ts'

export interface Desk extends Place {
  readonly levels: readonly string[]
  /** Where the agreement names levels or school years: `school/level/year` of each; null where it opens the whole school. */
  readonly terms: ReadonlySet<string> | null
}

export type Act<S extends Stored, E, Row extends object> = ActOf<Desk, S, E, Row>

/**
 * What was judged within the terms of the agreement is written outside them: a pupil who leaves is in none of the classes that
 * they name. A new record whose key a hidden one has already is refused as one that the caller may not reach.
 */
async function behindTerms<S extends Stored, E, Row extends object>(
  { tx, schoolId, terms }: Desk,
  { keysTaken }: Act<S, E, Row>,
  judged: readonly Judged<S, E>[],
): Promise<readonly Judged<S, E>[]> {
  if (terms === null) return judged
  await tx.query(sql.LEAVE_TERMS, [])
  const isNew = ({ stored, values }: Judged<S, E>): boolean => stored === null && values !== null
  const keys = judged.filter(isNew).map(({ key }) => key)
  if (keysTaken === undefined || keys.length === 0) return judged
  const taken = new Set((await tx.query<{ key: string }>(keysTaken, [schoolId, keys])).map(({ key }) => key))
  const hidden: Fault = { ...recordFault('RECORD_NOT_ACCESSIBLE', ''), about: null }
  return judged.map((one) => (isNew(one) && taken.has(one.key) ? { ...one, values: null, faults: [hidden] } : one))
}

const ROSTER: Frame<Desk> = {
  schema: 'schools',
  shared: new Set(['CLASS_NOT_FOUND', 'STAFF_NOT_FOUND', 'STAFF_LEFT', 'SUBJECT_NOT_FOUND', 'LEVEL_INVALID', 'SCOPE_MISSING']),
  open: async (place) => {
    const { tx, schoolId } = place
    const [school] = await tx.query<{ levels: string[] }>(sql.LOCK_SCHOOL, [schoolId])
    const [agreed] = await tx.query<{ terms: string[] | null }>(sql.TERMS_OF_AGREEMENT, [schoolId])
    return { ...place, levels: school!.levels, terms: agreed!.terms ? new Set(agreed!.terms) : null }
  },
  cut: async (desk, act, judged) => behindTerms(desk, act, await withheldFromOthers(desk, act.entity, judged)),
  keepAside: async (desk, { entity, mode }, decisions) => {
    // All or nothing leaves no half behind; of a record that its writer may not read, the half is not told and so waits as well.
    const aside = mode === 'ATOMIC' ? decisions.filter(({ stored }) => stored?.hidden) : decisions
    const events = await recordProposals(desk, entity, aside)
    return { events, fields: ['FieldConflict.proposedValue'], ids: aside.flatMap(proposedFor) }
  },
}

export const writeRoster = <S extends Stored, E, Row extends object>(
  context: SubgraphContext,
  act: Act<S, E, Row>,
): Promise<BatchPayload<Row>> => writeRecords(context, ROSTER, act)
