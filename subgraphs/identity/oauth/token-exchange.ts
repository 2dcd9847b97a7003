// Token exchange (RFC 8693): an application that a teacher or principal has signed in at goes on in their name.
import { errors, type Context, type Provider, type ResourceServerInfo } from 'oidc-provider'
import validateDpop, { checkDpopReplay } from 'oidc-provider/lib/helpers/validate_dpop.js'
import type { Pool } from 'pg'
import { vietnamDay } from '../../kernel/database.ts'
import type { SignIn } from '../people/sign-in.ts'
import { grantScopes } from './granted-scopes.ts'
import type { IssuedTokens } from './issued-tokens.ts'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'scope',
  'resource',
  'audience',
]

/** Those who have a school to act at. An authority acts in its own name. */
const ROLES: readonly (string | null)[] = ['TEACHER', 'PRINCIPAL']

export interface TokenExchangeOptions {
  readonly pool: Pool
  readonly issuer: string
  readonly resource: string
  readonly issued: IssuedTokens
  readonly signIn: SignIn
  readonly describe: (scope: string) => ResourceServerInfo
  readonly now: () => Date
}

/**
 * The actor is the authenticated client, nobody else; the subject is a person who signed in at this very client, minutes ago.
 * What comes out is no more than the approval holds, than the person holds, and than the person agreed to. At which schools, the
 * database decides at each operation: agreement and office both.
 */
export function offerTokenExchange(provider: Provider, options: TokenExchangeOptions): void {
  const { pool, issuer, resource, issued, signIn, describe, now } = options

  provider.registerGrantType(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const client = ctx.oidc!.client!
      const params = readParameters(ctx, resource)
      const proof = await validateDpop(provider, ctx)
      const claims = await issued.findClaims(params.subjectToken, issuer)
      const { sub: accountId, client_id: signedInAt, scope: agreed, grant_id: grantId, act, cnf } = claims ?? {}
      // One answer for a token that is not ours, that has ended, or that was given to another application.
      if (!accountId || signedInAt !== client.clientId || act !== undefined || typeof grantId !== 'string') {
        throw new errors.InvalidGrant('subject_token is not a valid token that a person signed in for at this client')
      }
      if (!proof && client.dpopBoundAccessTokens) throw new errors.InvalidGrant('DPoP proof JWT not provided')
      // Who has found a bound token of a sign-in does not get rid of the binding here, nor binds it to a key of their own.
      if (cnf !== undefined && (cnf as { jkt?: unknown }).jkt !== proof?.thumbprint) {
        throw new errors.InvalidGrant('subject_token is bound to another key')
      }
      const grant = await provider.Grant.find(grantId)
      const bearer = await issued.findBearer(client.clientId, accountId)
      if (grant?.accountId !== accountId || !bearer?.application_id || !ROLES.includes(bearer.role)) {
        throw new errors.InvalidGrant('the subject is nobody whom an application may act for')
      }
      if (!(await sharesASchool(pool, bearer.application_id, accountId, vietnamDay(now())))) {
        throw new errors.InvalidGrant('no school of the subject has an agreement with this application')
      }
      const held = bearer.scopes.filter((scope) => String(agreed).split(' ').includes(scope))
      const scopes = grantScopes(params.scope, held)
      if ('refused' in scopes) throw new errors.InvalidScope(scopes.refused, params.scope)
      const scope = scopes.granted.join(' ')
      const token = new provider.AccessToken({ client, accountId, grantId, gty: TOKEN_EXCHANGE })
      token.resourceServer = new provider.ResourceServer(resource, describe(scope))
      token.scope = scope
      await checkDpopReplay(provider, ctx, proof, client.clientId)
      if (proof) token.setThumbprint('jkt', proof.thumbprint)
      await signIn.record('EXCHANGE', 'ALLOWED', accountId, {
        address: String(ctx.req.headers['x-forwarded-for'] ?? ''),
        clientId: client.clientId,
      })
      ctx.body = {
        access_token: await token.save(),
        issued_token_type: ACCESS_TOKEN,
        token_type: token.tokenType,
        expires_in: token.expiration,
        scope,
      }
    },
    PARAMETERS,
  )
}

function readParameters(ctx: Context, resource: string): { readonly subjectToken: string; readonly scope: string | undefined } {
  const params = ctx.oidc?.params ?? {}
  const { subject_token: subjectToken, subject_token_type: type, requested_token_type: requested, scope } = params
  if (typeof subjectToken !== 'string' || type !== ACCESS_TOKEN) {
    throw new errors.InvalidRequest(`subject_token must be an access token, with subject_token_type=${ACCESS_TOKEN}`)
  }
  if (params.actor_token !== undefined || params.actor_token_type !== undefined) {
    throw new errors.InvalidRequest('leave actor_token out: the actor is the authenticated client')
  }
  if (requested !== undefined && requested !== ACCESS_TOKEN) throw new errors.InvalidRequest('only access tokens are issued here')
  for (const target of [params.resource, params.audience]) {
    if (target !== undefined && target !== resource) throw new errors.InvalidTarget('unknown resource')
  }
  return { subjectToken, scope }
}

async function sharesASchool(pool: Pool, applicationId: string, accountId: string, today: string): Promise<boolean> {
  const { rows } = await pool.query<{ shared: boolean }>('select access.shares_a_school($1, $2, $3) as shared', [
    applicationId,
    accountId,
    today,
  ])
  return rows[0]!.shared
}
