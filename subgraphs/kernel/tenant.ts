// The port through which a sandbox tenant gets its synthetic schools: the composition root brings the generator, and only in a sandbox.
import type { HolderOfSchools } from './subgraphs.ts'

/** A tenant as the database made it. One tenant gives the same rows every time. */
export interface TenantToFill {
  readonly id: string
  /** Stands in every code of the tenant. */
  readonly token: string
  readonly applicationId: string
  /** Ids that the database chose; there are no others to fill. */
  readonly schoolIds: readonly string[]
  readonly createdAt: Date
}

export interface TableRows {
  readonly table: string
  readonly rows: readonly object[]
}

export interface TenantRows {
  /** The one authority that manages the tenant's schools. */
  readonly authority: object
  readonly schools: readonly { readonly id: string; readonly code: string }[]
  /** By schema; each table after those it refers to. */
  readonly tables: Readonly<Record<HolderOfSchools, readonly TableRows[]>>
}

export interface TenantGenerator {
  /** How many schools a tenant has. */
  readonly schoolCount: number
  generate(tenant: TenantToFill): Promise<TenantRows>
}
