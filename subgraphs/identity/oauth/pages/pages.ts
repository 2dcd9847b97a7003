// What stands behind the pages: who signs in, what they allow, and that they leave.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Interaction, type InteractionResult, type Provider } from 'oidc-provider'
import type { Pool } from 'pg'
import { isScope, type Scope } from '../../../kernel/scopes.ts'
import { vietnamDay } from '../../../kernel/database.ts'
import { findOpenAccount } from '../../people/accounts.ts'
import type { Origin, SignIn } from '../../people/sign-in.ts'
import type { SignUp } from '../../people/sign-up.ts'
import { readForm, SIGN_OUT_PATH, SIGN_UP_PATH } from '../door.ts'
import type { IssuedTokens } from '../issued-tokens.ts'
import type { Refusals } from '../refusals.ts'
import { answerSignUp } from './sign-up.ts'
import {
  consentPage,
  faultPage,
  limitedSignIn,
  nothingToAllowPage,
  OTHER_ACCOUNT,
  sendPage,
  signedOutPage,
  signInPage,
  signOutPage,
  WRONG_SIGN_IN,
  type Asking,
} from './page.ts'

export interface PagesOptions {
  readonly provider: Provider
  readonly pool: Pool
  readonly resource: string
  readonly issued: IssuedTokens
  readonly signIn: SignIn
  /** Null where nobody signs up by themselves. */
  readonly signUp: SignUp | null
  readonly refusals: Refusals
  readonly proofKey: string
  readonly now: () => Date
}

/** One request that waits for a person, with what is needed to answer it. */
interface Waiting {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly interaction: Interaction
  readonly asking: Asking
  readonly origin: Origin
  readonly form: URLSearchParams | null
}

const REFUSED_BY_PERSON: InteractionResult = { error: 'access_denied', error_description: 'The person did not allow it.' }

export function createPages(options: PagesOptions): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const { provider, pool, resource, issued, signIn, signUp, refusals, proofKey, now } = options

  const proofOf = (interaction: Interaction): string =>
    createHmac('sha256', proofKey).update(`form/${interaction.uid}/${interaction.prompt.name}`).digest('base64url')

  function isProof(given: string | null, interaction: Interaction): boolean {
    const [a, b] = [Buffer.from(given ?? ''), Buffer.from(proofOf(interaction))]
    return a.length === b.length && timingSafeEqual(a, b)
  }

  async function describeAsking(interaction: Interaction): Promise<Asking> {
    const { rows } = await pool.query<{ name: string; vendor: string | null }>(
      `select c.display_name as name, v.legal_name as vendor
from access.client c
left join identity.vendor v on v.id = c.vendor_id
where c.client_id = $1`,
      [interaction.params.client_id],
    )
    const uri = String(interaction.params.redirect_uri ?? '')
    return {
      name: rows[0]?.name ?? String(interaction.params.client_id),
      vendor: rows[0]?.vendor ?? null,
      proof: proofOf(interaction),
      goesOnTo: URL.canParse(uri) ? new URL(uri).origin : null,
      signUp: signUp !== null,
    }
  }

  const finish = ({ req, res }: Waiting, result: InteractionResult, mergeWithLastSubmission = false): Promise<void> =>
    provider.interactionFinished(req, res, result, { mergeWithLastSubmission })

  async function answerSignIn(waiting: Waiting): Promise<void> {
    const { res, interaction, asking, origin, form } = waiting
    const known = interaction.session ? await findOpenAccount(pool, interaction.session.accountId) : null
    if (!form) return sendPage(res, signInPage(asking, { email: known?.email ?? '', fault: null }))
    const email = form.get('email') ?? ''
    const outcome = await signIn.attempt({ email, password: form.get('password') ?? '', code: form.get('code') ?? '' }, origin)
    if (outcome.outcome === 'LIMITED') {
      const page = signInPage(asking, { email, fault: limitedSignIn(outcome.retryAfterSeconds) }, 429)
      return sendPage(res, { ...page, headers: { 'retry-after': String(outcome.retryAfterSeconds) } })
    }
    if (outcome.outcome === 'REFUSED') return sendPage(res, signInPage(asking, { email, fault: WRONG_SIGN_IN }, 401))
    const { accountId } = outcome
    // A session is one person's. Who takes over the keyboard says so first, so that nobody works on in another's name.
    if (interaction.session && interaction.session.accountId !== accountId)
      return sendPage(res, signInPage(asking, { email, fault: OTHER_ACCOUNT }, 409))
    return finish(waiting, { login: { accountId, remember: false, amr: ['pwd', 'otp'] } })
  }

  /** What of the request the person can allow: what both hold at this moment, and for an application only where both are at home. */
  async function allowedScopes({ params }: Interaction, accountId: string): Promise<{ scopes: Scope[]; actsForPerson: boolean }> {
    const bearer = await issued.findBearer(String(params.client_id), accountId)
    if (bearer?.status !== 'ACTIVE') return { scopes: [], actsForPerson: false }
    const actsForPerson = bearer.application_id !== null
    const scopes = bearer.scopes.filter(isScope).filter((scope) => String(params.scope).split(' ').includes(scope))
    if (!actsForPerson) return { scopes, actsForPerson }
    const { rows } = await pool.query<{ shared: boolean }>('select access.shares_a_school($1, $2, $3) as shared', [
      bearer.application_id,
      accountId,
      vietnamDay(now()),
    ])
    return { scopes: rows[0]!.shared ? scopes : [], actsForPerson }
  }

  async function answerConsent(waiting: Waiting): Promise<void> {
    const { res, interaction, asking, origin, form } = waiting
    const account = interaction.session ? await findOpenAccount(pool, interaction.session.accountId) : null
    if (!account) return finish(waiting, REFUSED_BY_PERSON)
    const { scopes, actsForPerson } = await allowedScopes(interaction, account.id)
    const nothing = scopes.length === 0
    if (!form) {
      return sendPage(
        res,
        nothing
          ? nothingToAllowPage(asking, account.displayName)
          : consentPage(asking, account.displayName, scopes, actsForPerson),
      )
    }
    if (nothing || form.get('decision') !== 'allow') {
      await signIn.record('CONSENT', 'REFUSED', account.id, origin)
      return finish(waiting, REFUSED_BY_PERSON)
    }
    const clientId = String(interaction.params.client_id)
    const kept = interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId)
    const grant = kept ?? new provider.Grant({ accountId: account.id, clientId })
    const refused = String(interaction.params.scope)
      .split(' ')
      .filter((scope) => !scopes.some((allowed) => allowed === scope))
    grant.addOIDCScope(scopes.join(' '))
    grant.addResourceScope(resource, scopes.join(' '))
    // Left unsaid, it would be asked for again and again.
    if (refused.length > 0) {
      grant.rejectOIDCScope(refused.join(' '))
      grant.rejectResourceScope(resource, refused.join(' '))
    }
    const grantId = await grant.save()
    await signIn.record('CONSENT', 'ALLOWED', account.id, origin)
    return finish(waiting, { consent: { grantId } }, true)
  }

  async function answerInteraction(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const interaction = await provider.interactionDetails(req, res)
    // The cookie of this path names the request; an address that names another one was sent by somebody else.
    if (!req.url?.endsWith(`/${interaction.uid}`)) throw new errors.SessionNotFound('not the request of this browser')
    const form = req.method === 'POST' ? ((await readForm(req)) ?? new URLSearchParams()) : null
    if (form && !isProof(form.get('proof'), interaction)) throw new errors.SessionNotFound('the form is not of this page')
    const asking = await describeAsking(interaction)
    const origin = { address: addressOf(req), clientId: String(interaction.params.client_id) }
    const waiting: Waiting = { req, res, interaction, asking, origin, form }
    if (form?.get('decision') === 'cancel') return finish(waiting, REFUSED_BY_PERSON)
    return interaction.prompt.name === 'login' ? answerSignIn(waiting) : answerConsent(waiting)
  }

  async function answerSignOut(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method === 'GET') return sendPage(res, signOutPage())
    const session = await provider.Session.get(provider.createContext(req, res))
    if (session.accountId) {
      for (const { grantId } of Object.values(session.authorizations ?? {})) {
        if (!grantId) continue
        await issued.end(grantId)
        await (await provider.Grant.find(grantId))?.destroy()
      }
      await signIn.record('SIGN_OUT', 'ALLOWED', session.accountId, { address: addressOf(req), clientId: null })
      await session.destroy()
    }
    sendPage(res, signedOutPage())
  }

  return async (req, res) => {
    try {
      if (req.url === SIGN_OUT_PATH) await answerSignOut(req, res)
      else if (signUp && req.url === SIGN_UP_PATH) await answerSignUp(signUp, req, res, addressOf(req))
      else await answerInteraction(req, res)
    } catch (error) {
      if (res.headersSent) res.destroy()
      else sendPage(res, faultPage(refusals.explain(error, undefined)))
    }
  }
}

const addressOf = ({ headers }: IncomingMessage): string => String(headers['x-forwarded-for'] ?? '')
