// The metadata document (RFC 8414): only what the server really does.

// oidc-provider speaks OpenID Connect too. We issue no ID tokens: who a person is, the API's `viewer` tells.
const OPENID_ONLY = [
  'acr_values_supported',
  'claim_types_supported',
  'claims_parameter_supported',
  'claims_supported',
  'id_token_signing_alg_values_supported',
  'request_uri_parameter_supported',
  'subject_types_supported',
]

export function describeServer(
  document: Record<string, unknown>,
  scopes: readonly string[],
  resource: string,
): Record<string, unknown> {
  const described = Object.fromEntries(Object.entries(document).filter(([name]) => !OPENID_ONLY.includes(name)))
  // `protected_resources` (RFC 9728, 4) tells a client what to name as `resource`.
  return { ...described, scopes_supported: scopes, protected_resources: [resource] }
}
