// What a resolver is handed: the admitted viewer, the database, the loaders of this operation, and what it has touched.
import DataLoader from 'dataloader'
import type { Database } from './database.ts'
import type { CheckDocument } from './document-check.ts'
import type { TenantGenerator } from './tenant.ts'
import type { Viewer } from './viewer.ts'

/** What an operation has read or written, for its audit record. Filled where rows are read, never by hand. */
export class Touched {
  readonly schools = new Set<string>()
  readonly students = new Set<string>()
}

export interface SubgraphContext {
  readonly viewer: Viewer
  readonly database: Database
  readonly touched: Touched
  readonly now: () => Date
  /** Secret behind signed cursors. */
  readonly cursorKey: string
  readonly loaders: Loaders
  /** Fills sandbox tenants; undefined where there are none. */
  readonly tenants?: TenantGenerator | undefined
  /** Judges documents that are to be registered; identity has it. */
  readonly checkDocument?: CheckDocument | undefined
}

/** The DataLoaders of one operation, made when first asked for: one batch is one query. */
export class Loaders {
  readonly #context: () => SubgraphContext
  readonly #made = new Map<unknown, DataLoader<unknown, unknown, string>>()

  constructor(context: () => SubgraphContext) {
    this.#context = context
  }

  /** The loader for this batch function and its fixed arguments. */
  of<K, V>(batch: BatchLoad<K, V>): DataLoader<K, V, string> {
    let loader = this.#made.get(batch)
    if (!loader) {
      loader = new DataLoader<unknown, unknown, string>((keys) => batch.load(this.#context(), keys as K[]), {
        cacheKeyFn: (key) => batch.keyOf(key as K),
        maxBatchSize: 1_000,
      })
      this.#made.set(batch, loader)
    }
    return loader as unknown as DataLoader<K, V, string>
  }
}

export interface BatchLoad<K, V> {
  readonly keyOf: (key: K) => string
  readonly load: (context: SubgraphContext, keys: readonly K[]) => Promise<readonly (V | Error)[]>
}

/** Declares a batch: `load` answers in the order of its keys. */
export function defineBatch<K, V>(keyOf: (key: K) => string, load: BatchLoad<K, V>['load']): BatchLoad<K, V> {
  return { keyOf, load }
}

/** Key of a record that belongs to a school, as every federated reference of the contract carries it. */
export interface SchoolKey {
  readonly schoolId: string
  readonly id: string
}

export const schoolKeyOf = ({ schoolId, id }: SchoolKey): string => `${schoolId}/${id}`

/** What a batch is opened for and asks for, each once. */
export const schoolsOf = (keys: readonly SchoolKey[]): string[] => [...new Set(keys.map(({ schoolId }) => schoolId))]
export const idsOf = (keys: readonly SchoolKey[]): string[] => [...new Set(keys.map(({ id }) => id))]

/** Puts rows back into the order of the keys that asked for them. */
export function inKeyOrder<K, R>(
  keys: readonly K[],
  rows: readonly R[],
  keyOf: (key: K) => string,
  rowKeyOf: (row: R) => string,
): (R | null)[] {
  const byKey = new Map(rows.map((row) => [rowKeyOf(row), row]))
  return keys.map((key) => byKey.get(keyOf(key)) ?? null)
}

/** Groups rows under the keys that asked for them; a key without rows gets an empty list. */
export function groupedByKey<K, R>(
  keys: readonly K[],
  rows: readonly R[],
  keyOf: (key: K) => string,
  rowKeyOf: (row: R) => string,
): R[][] {
  const groups = new Map<string, R[]>(keys.map((key) => [keyOf(key), []]))
  for (const row of rows) groups.get(rowKeyOf(row))?.push(row)
  return keys.map((key) => groups.get(keyOf(key)) ?? [])
}
