// The seed of the sandbox province.

/** The province that everybody sees: names, codes and marks are the same on every machine. */
export const SANDBOX_SEED = 'lien-thong'

/** A primary and a lower secondary school; see tenant.ts. */
export const TENANT_SCHOOLS = 2
