// Which scopes a token carries: what was asked for, never more than the client holds.

export type ScopeGrant = { readonly granted: readonly string[] } | { readonly refused: string }

/**
 * Asking for nothing asks for everything the client holds. One scope too many refuses the whole request instead of
 * being dropped: a vendor learns at the token endpoint, not from a failed operation later.
 */
export function grantScopes(requested: string | undefined, held: readonly string[]): ScopeGrant {
  if (held.length === 0) return { refused: 'This client holds no scope. Ask the authority that approved it to grant some.' }
  const asked = [...new Set(requested?.split(' ') ?? held)]
  const beyond = asked.filter((scope) => !held.includes(scope))
  if (beyond.length === 0) return { granted: asked }
  return { refused: `Not granted to this client: ${beyond.join(' ')}. Leave scope out, or ask for some of: ${held.join(' ')}` }
}
