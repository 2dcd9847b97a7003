// What must be true when all is over, read in the database behind every wall and held against what the clients were told.
import { ORDINAL } from './load/writers.ts'
import type { Attempt, Ledger } from './parts/ledger.ts'
import type { FaultPlatform } from './parts/platform.ts'

/** Grouped by a key. */
function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

/** Each write has one kept answer, one audit record of its change, and that under the id of one of its tries. */
export async function writesOutOfPlace({ sql }: FaultPlatform, { writes }: Ledger): Promise<string[]> {
  const kept = await sql<{ schema: string; caller: string; key: string }>(
    ['gradebook', 'schools']
      .map(
        (schema) =>
          `select '${schema}' as schema, caller, split_part(key, '/', 1) as key from ${schema}.idempotency_answer where key like 'fault-%'`,
      )
      .join(' union all '),
  )
  const changes = await sql<{ request: string }>(
    `select request_id as request from access.audit_event where kind = 'WRITE' and request_id like 'w-%'`,
  )
  const answers = grouped(kept, ({ schema, key }) => `${schema} ${key}`)
  const audited = grouped(changes, ({ request }) => request)
  const faults: string[] = []
  for (const write of writes) {
    const { key, schema, attempts, acknowledged } = write
    if (acknowledged.length === 0) faults.push(`${key} was never acknowledged`)
    const ofKey = answers.get(`${schema} ${key}`) ?? []
    if (ofKey.length !== 1) faults.push(`${key}: ${ofKey.length} answers are kept`)
    const records = attempts.flatMap((attempt) => audited.get(attempt) ?? [])
    if (records.length !== 1) faults.push(`${key}: ${records.length} audit records of its change`)
  }
  if (kept.length !== writes.length) faults.push(`${kept.length} answers are kept, of ${writes.length} writes`)
  if (changes.length !== writes.length) faults.push(`${changes.length} changes are on record, of ${writes.length} writes`)
  return faults
}

interface Stored {
  readonly id: string
  readonly version: number
  readonly value: string
}

/** Each record stands as it was last acknowledged, with every version before it in its history and every one in the change feed, once. */
export async function recordsOutOfPlace({ sql }: FaultPlatform, { slots, writes }: Ledger): Promise<string[]> {
  const stored = await sql<Stored>(
    `select id, version, (value_tenths / 10.0)::float::text as value from gradebook.score where kind = 'REGULAR' and ordinal = ${ORDINAL}
     union all
     select id, version, substring(name from '\\d+$') from schools.campus where code like 'FAULT-%'`,
  )
  const history = await sql<{ id: string; version: number }>(
    `select a.score_id as id, a.version from gradebook.score_amendment a join gradebook.score s on s.id = a.score_id where s.ordinal = ${ORDINAL}
     union all
     select f.entity_id, f.version from schools.former_version f join schools.campus c on c.id = f.entity_id where c.code like 'FAULT-%'`,
  )
  const feed = await sql<{ id: string; version: number }>(
    `select o.entity_id as id, o.version from gradebook.outbox o union all select o.entity_id, o.version from schools.outbox o`,
  )
  const now = new Map(stored.map((row) => [row.id, row]))
  const formerOf = grouped(history, ({ id }) => id)
  const toldOf = grouped(feed, ({ id }) => id)
  const versions = (rows: readonly { version: number }[] = []): string =>
    rows
      .map(({ version }) => version)
      .toSorted((a, b) => a - b)
      .join()
  const upTo = (last: number, from = 1): string =>
    Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index).join()
  const faults: string[] = []
  for (const { id, version, value, schema } of slots) {
    const row = now.get(id)
    if (row?.version !== version || Number(row.value) !== value)
      faults.push(`${schema} ${id} is ${JSON.stringify(row)}, acknowledged were version ${version} and ${value}`)
    // A mark keeps what each change made of it, the roster what each change found.
    const former = versions(formerOf.get(id))
    if (former !== (schema === 'gradebook' ? upTo(version, 2) : upTo(version - 1)))
      faults.push(`${schema} ${id}, version ${version}: its history holds ${former}`)
    const told = versions(toldOf.get(id))
    if (told !== upTo(version)) faults.push(`${schema} ${id}, version ${version}: the feed tells ${told}`)
  }
  if (stored.length !== slots.length) faults.push(`${stored.length} records stand, ${slots.length} were acknowledged`)
  const changes = slots.reduce((sum, { version }) => sum + version, 0)
  const acknowledged = writes.reduce((sum, write) => sum + write.acknowledged.length, 0)
  if (changes !== acknowledged) faults.push(`${changes} changes stand, ${acknowledged} were acknowledged`)
  return faults
}

// Refused before there was an operation to record, or because it could not be recorded.
const UNRECORDED = new Set([0, 401, 503])

/** Each answered operation has one audit record of its outcome; none has two. */
export async function operationsOutOfRecord({ sql }: FaultPlatform, { attempts }: Ledger): Promise<string[]> {
  const records = await sql<{ request: string; outcome: string; schools: number }>(
    `select request_id as request, outcome, cardinality(schools) as schools from access.audit_event where kind = 'OPERATION'`,
  )
  const of = grouped(records, ({ request }) => request)
  const faults: string[] = []
  for (const attempt of attempts) {
    const found = of.get(attempt.id) ?? []
    if (found.length > 1) faults.push(`${attempt.id}: ${found.length} records`)
    else if (found.length === 0 && mustBeRecorded(attempt))
      faults.push(`${attempt.id} was answered (${attempt.status}) and is not on record`)
    else if (attempt.hasData && attempt.codes.length === 0 && found[0]?.outcome !== 'ALLOWED')
      faults.push(`${attempt.id} was answered whole and is on record as ${found[0]?.outcome}`)
  }
  return faults
}

const mustBeRecorded = ({ status, codes }: Attempt): boolean =>
  !UNRECORDED.has(status) && !codes.includes('APPLICATION_SUSPENDED')

/** Told as a fault of ours where no subgraph had told nonsense. */
export function unexplained(ledger: Ledger): string[] {
  return ledger.attempts
    .filter((attempt) => attempt.codes.includes('INTERNAL') && !ledger.mayBeNonsense(attempt))
    .map(({ id, door }) => `${id} at ${door}: INTERNAL`)
}

/** Broken off by a gateway that nobody had touched. */
export function lost(ledger: Ledger): string[] {
  return ledger.attempts
    .filter((attempt) => attempt.status === 0 && !ledger.mayBeLost(attempt))
    .map(({ id, door, began, ended }) => `${id} at ${door}: no answer after ${Math.round(ended - began)} ms`)
}

export function longest({ attempts }: Ledger): number {
  return attempts.reduce((most, { began, ended, left }) => (left ? most : Math.max(most, ended - began)), 0)
}
