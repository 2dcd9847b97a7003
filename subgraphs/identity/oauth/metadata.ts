// The metadata document (RFC 8414): only what the server really does.

// oidc-provider lists these whether or not anybody can log in. A client that believes them meets a 404.
const LOGIN_ONLY = [
  'acr_values_supported',
  'authorization_endpoint',
  'authorization_response_iss_parameter_supported',
  'claim_types_supported',
  'claims_parameter_supported',
  'claims_supported',
  'code_challenge_methods_supported',
  'id_token_signing_alg_values_supported',
  'request_uri_parameter_supported',
  'response_modes_supported',
  'subject_types_supported',
]

/** `response_types_supported` stays even when empty: RFC 8414 requires it. */
export function describeServer(
  document: Record<string, unknown>,
  scopes: readonly string[],
  resource: string,
): Record<string, unknown> {
  const { response_types_supported: responseTypes } = document
  const hasLogin = Array.isArray(responseTypes) && responseTypes.length > 0
  const described = hasLogin
    ? document
    : Object.fromEntries(Object.entries(document).filter(([name]) => !LOGIN_ONLY.includes(name)))
  // `protected_resources` (RFC 9728, 4) tells a client what to name as `resource`.
  return { ...described, scopes_supported: scopes, protected_resources: [resource] }
}
