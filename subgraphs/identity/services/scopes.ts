// The scope catalogue as the contract shows it.
import { isScope, SCOPE_NAMES, SCOPES, type Scope } from '../../kernel/scopes.ts'
import { LegalBasis, Sensitivity } from '../schema/enums.ts'
import type { ScopeEntry } from '../schema/types.ts'

function entryOf(name: Scope): ScopeEntry {
  const { sensitivity, legalBasis, ...rest } = SCOPES[name]
  return { name, ...rest, sensitivity: Sensitivity[sensitivity], legalBasis: LegalBasis[legalBasis] }
}

export function allScopes(): ScopeEntry[] {
  return SCOPE_NAMES.map(entryOf)
}

/** A name that has left the catalogue opens nothing, so it is not shown either. */
export function scopesNamed(names: readonly string[]): ScopeEntry[] {
  return names.filter(isScope).map(entryOf)
}
