// The list of likely doubles of a school: read page by page, and decided where they are two pupils.
import type { BatchPayload } from '../../kernel/batch.ts'
import { writeBatch } from '../../kernel/batch-write.ts'
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, type Transaction } from '../../kernel/database.ts'
import { recordFault } from '../../kernel/errors.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { settle } from '../../kernel/settle.ts'
import { cleanReason } from '../../kernel/text.ts'
import { mayAt } from '../../kernel/records/write-records.ts'
import type { SchoolRef } from '../schema/inputs.ts'
import type { DismissIdentityMatchesInput, IdentityMatch } from '../schema/identity-types.ts'
import * as sql from '../store/identity-queries.ts'
import { keepFormer, LOCK_SCHOOL } from '../store/writing.ts'
import { payloadOf, refused, type Told } from '../../kernel/told.ts'
import { getSchool } from './lookup.ts'

type Row = IdentityMatch & Record<string, unknown>

/** Of a number that the caller may not read it is not told either whether two of them agree. */
async function shaperAt(context: SubgraphContext, schoolId: string): Promise<(row: Row) => IdentityMatch> {
  const maySensitive = await mayAt(context, 'student.sensitive.read', schoolId)
  return (row) => {
    context.touched.students.add(row.landedId)
    context.touched.students.add(row.candidateId)
    return maySensitive ? row : { ...row, reasons: row.reasons.filter((reason) => !reason.startsWith('PERSONAL_NUMBER')) }
  }
}

export async function listIdentityMatches(
  context: SubgraphContext,
  ref: SchoolRef,
  state: string,
  page: PageArgs,
): Promise<Connection<IdentityMatch>> {
  const { id: schoolId } = await getSchool(context, ref)
  const shape = await shaperAt(context, schoolId)
  return readPage<IdentityMatch>(context, {
    list: ['identityMatches', schoolId, state],
    page,
    position: (row) => [row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'student.basic.read', schools: [schoolId] }, async (tx) =>
        (await tx.query<Row>(sql.MATCH_PAGE, [schoolId, state, after?.[0] ?? null, limit])).map(shape),
      ),
  })
}

export interface MatchDecision {
  readonly id: string
  readonly state: 'OPEN' | 'MERGED' | 'DISTINCT'
  readonly reason: string | null
}

/** Writes what was decided of matches with what they were; answers the events for the feed. */
export async function decideMatches(
  context: SubgraphContext,
  tx: Transaction,
  schoolId: string,
  decisions: readonly MatchDecision[],
): Promise<readonly ChangeEvent[]> {
  if (decisions.length === 0) return []
  const { applicationId, accountId } = context.viewer
  const at = context.now().toISOString()
  const ids = decisions.map(({ id }) => id)
  await tx.query(keepFormer('identity_match'), [schoolId, 'IdentityMatch', ids, at, applicationId, accountId])
  const changed = await tx.query<{ id: string; version: number }>(sql.DECIDE_MATCHES, [
    schoolId,
    at,
    applicationId,
    accountId,
    ids,
    decisions.map(({ state }) => state),
    decisions.map(({ reason }) => reason),
  ])
  return changed.map(({ id, version }): ChangeEvent => ({
    schoolId,
    entity: 'IdentityMatch',
    entityId: id,
    naturalKey: id,
    event: 'UPDATE',
    version,
  }))
}

type Verdict =
  ReturnType<typeof refused> | { readonly status: 'UNCHANGED' } | { readonly status: 'UPDATED'; readonly decision: MatchDecision }

export async function dismissIdentityMatches(
  context: SubgraphContext,
  input: DismissIdentityMatchesInput,
): Promise<BatchPayload<IdentityMatch>> {
  const { matches, mode } = input
  const batch = {
    schema: 'schools',
    scope: 'student.basic.write',
    school: input.school,
    length: matches.length,
    body: { dismissIdentityMatches: input },
  } as const
  const { schoolId, told } = await writeBatch(context, batch, async (tx, schoolId) => {
    await tx.query(LOCK_SCHOOL, [schoolId])
    const ids = matches.map(({ match }) => uuidOf(match))
    const find = () => tx.query<Row>(sql.MATCHES_BY_ID, [schoolId, ids.filter((id) => id !== null)])
    const rows = new Map((await find()).map((row) => [row.id, row]))
    const verdicts = settle<Verdict>(
      matches.map(({ reason }, index): Verdict => {
        const id = ids[index]!
        const row = id === null ? undefined : rows.get(id)
        if (!row) return refused('RECORD_NOT_FOUND', 'match')
        if (ids.indexOf(id) !== ids.lastIndexOf(id)) return refused('DUPLICATE_IN_BATCH', 'match')
        const why = cleanReason(reason)
        if (why === null) return refused('REASON_REQUIRED', 'reason')
        if (row.state === 'DISTINCT') return { status: 'UNCHANGED' }
        if (row.state === 'MERGED') return refused('CONFLICT_DECIDED', 'match')
        return { status: 'UPDATED', decision: { id: row.id, state: 'DISTINCT', reason: why } }
      }),
      mode,
      { status: 'REJECTED', faults: [recordFault('BATCH_REJECTED', '')] },
    )
    const decisions = verdicts.flatMap((verdict) => ('decision' in verdict ? [verdict.decision] : []))
    if (decisions.length > 0) {
      await appendChanges(context, tx, 'schools', await decideMatches(context, tx, schoolId, decisions))
      const students = decisions.flatMap(({ id }) => [rows.get(id)!.landedId, rows.get(id)!.candidateId])
      await appendWriteAudit(context, tx, {
        fields: ['IdentityMatch.state'],
        schools: [schoolId],
        students: [...new Set(students)],
      })
    }
    const after = new Map((await find()).map((row) => [row.id, row]))
    return {
      schoolId,
      told: verdicts.map((verdict, index): Told<Row> => ({
        status: verdict.status,
        entity: verdict.status === 'REJECTED' ? null : (after.get(ids[index]!) ?? null),
        faults: 'faults' in verdict ? verdict.faults : [],
      })),
    }
  })
  const mayRead = await mayAt(context, 'student.basic.read', schoolId)
  const shape = await shaperAt(context, schoolId)
  return payloadOf(told.map(({ entity, ...rest }) => ({ ...rest, entity: entity && mayRead ? shape(entity) : null })))
}
