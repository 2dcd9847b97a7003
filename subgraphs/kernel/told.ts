// What batches share that write decisions rather than records of the roster: answered one by one, kept for a retry as they were told.
import { BatchStatus, summarize, type BatchPayload } from './batch.ts'
import { recordFault, type ErrorCode, type RecordFault } from './errors.ts'

/** What became of one act. `entity` is flat JSON. */
export interface Told<T> {
  readonly status: `${BatchStatus}`
  readonly entity: T | null
  readonly faults: readonly RecordFault[]
  readonly warnings?: readonly RecordFault[]
}

export const refused = (code: ErrorCode, path: string): { readonly status: 'REJECTED'; readonly faults: RecordFault[] } => ({
  status: 'REJECTED',
  faults: [recordFault(code, path)],
})

export function payloadOf<T>(told: readonly Told<T>[]): BatchPayload<T> {
  const results = told.map(({ status, entity, faults, warnings = [] }, index) => ({
    index,
    status: BatchStatus[status],
    entity,
    errors: [...faults],
    warnings: [...warnings],
  }))
  return { summary: summarize(results.map(({ status }) => status)), results, rootCauses: [] }
}
