// The fields of the whole contract with the scopes that open them, as `npm run contract` writes them from every subgraph's rules.
import { readFileSync } from 'node:fs'
import type { ContractFields } from '../registry/difference.ts'

const FILE = new URL('../../../schema/fields-of-scopes.json', import.meta.url)
let known: ContractFields | undefined

/** Read when first asked for: the contract is built from this very code, also where the file is not there yet. */
export function contractFields(): ContractFields {
  return (known ??= new Map(Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string[][]>)))
}
