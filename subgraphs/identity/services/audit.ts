// The access log: who read or wrote what. Pupils can be asked for, never read out.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import type { AuditFilter } from '../schema/inputs.ts'
import type { AuditEvent } from '../schema/types.ts'
import { AUDIT_CONDITIONS, auditPage, STUDENT_OF_SCHOOLS } from '../store/queries.ts'
import { assertUuids } from './identifiers.ts'

type Condition = keyof typeof AUDIT_CONDITIONS
type Wanted = readonly (readonly [Condition, unknown])[]

/**
 * What of the log is the caller's to read. Compliance reads all: watching everybody is its office. A person reads what
 * concerned their schools. An application reads what it did itself: what a rival does at a school is not its business; and
 * when it acts for a person, what of that concerned their schools.
 */
function reachOf({ viewer }: SubgraphContext, schools: readonly string[]): Wanted {
  const own = [['applicationId', viewer.applicationId]] as const
  const near = [['anySchoolOf', schools]] as const
  if (viewer.applicationId) return viewer.accountId ? [...own, ...near] : own
  return viewer.role === 'COMPLIANCE_OFFICER' ? [] : near
}

/**
 * Whether a school or pupil that is asked for is one of the reader's own. An operation over many schools is in the log of each:
 * who could ask for the others by it would learn which of them, and which of their pupils, it concerned.
 */
async function isNear(tx: Transaction, { schoolId, studentId }: AuditFilter): Promise<boolean> {
  if (schoolId && !tx.schools.includes(schoolId.toLowerCase())) return false
  if (!studentId) return true
  return (await tx.query(STUDENT_OF_SCHOOLS, [tx.schools, studentId])).length > 0
}

function asked(filter: AuditFilter): Wanted {
  const names = ['vendorId', 'applicationId', 'schoolId', 'studentId', 'from', 'to', 'outcome'] as const
  return names.map((name) => [name, filter[name]] as const).filter(([, value]) => value !== null && value !== undefined)
}

export async function listAuditEvents(
  context: SubgraphContext,
  filter: AuditFilter,
  page: PageArgs,
): Promise<Connection<AuditEvent>> {
  const { vendorId, applicationId, schoolId, studentId } = filter
  assertUuids({ vendorId, applicationId, schoolId, studentId })
  const wanted = asked(filter)
  return readPage<AuditEvent>(context, {
    list: ['auditEvents', wanted],
    page,
    position: (row) => [row.at, row.id],
    read: (after, limit) =>
      context.database.read(context, { scope: 'audit.read' }, async (tx) => {
        const reach = reachOf(context, tx.schools)
        const bound = reach.some(([name]) => name === 'anySchoolOf')
        if (bound && !(await isNear(tx, filter))) return []
        const conditions = [...reach, ...wanted]
        const text = auditPage(
          conditions.map(([name], index) => AUDIT_CONDITIONS[name](index + 4)),
          [1, 2, 3],
        )
        const values = [after?.[0] ?? null, after?.[1] ?? null, limit, ...conditions.map(([, value]) => value)]
        const rows = await tx.query<AuditEvent & Record<string, unknown>>(text, values)
        // An operation over many schools tells each of them of itself alone.
        return bound ? rows.map((row) => ({ ...row, schoolIds: row.schoolIds.filter((id) => tx.schools.includes(id)) })) : rows
      }),
  })
}
