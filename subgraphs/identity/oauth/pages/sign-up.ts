// What stands behind the pages of signing up: a form, a first code, an account. No session, nothing stored before the code.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SIGN_UP_FIELDS, type SignUp, type SignUpForm } from '../../people/sign-up.ts'
import { readForm } from '../door.ts'
import { limitedSignIn, sendPage } from './page.ts'
import { EXPIRED, FULL, secondFactorPage, signedUpPage, signUpPage, WRONG_CODE } from './sign-up-pages.ts'

export async function answerSignUp(signUp: SignUp, req: IncomingMessage, res: ServerResponse, address: string): Promise<void> {
  if (req.method === 'GET') return sendPage(res, signUpPage({ typed: EMPTY, faults: [], fault: null }))
  const sent = (await readForm(req)) ?? new URLSearchParams()
  const origin = { address, clientId: null }
  const ticket = sent.get('ticket')
  if (ticket === null) {
    const typed = Object.fromEntries(SIGN_UP_FIELDS.map((name) => [name, sent.get(name) ?? ''])) as unknown as SignUpForm
    const begun = await signUp.begin(typed, origin)
    if ('ticket' in begun) return sendPage(res, secondFactorPage(begun.ticket, null))
    if ('faults' in begun) return sendPage(res, signUpPage({ typed, faults: begun.faults, fault: null }, 400))
    return sendLimited(res, typed, begun.retryAfterSeconds)
  }
  const outcome = await signUp.complete(ticket, sent.get('code') ?? '', origin)
  if (outcome === 'DONE') return sendPage(res, signedUpPage())
  if (outcome === 'FULL') return sendPage(res, signUpPage({ typed: EMPTY, faults: [], fault: FULL }, 503))
  if (outcome === 'EXPIRED') return sendPage(res, signUpPage({ typed: EMPTY, faults: [], fault: EXPIRED }, 400))
  if ('wrongCode' in outcome) return sendPage(res, secondFactorPage(outcome.wrongCode, WRONG_CODE, 400))
  return sendLimited(res, EMPTY, outcome.retryAfterSeconds)
}

function sendLimited(res: ServerResponse, typed: SignUpForm, seconds: number): void {
  const page = signUpPage({ typed, faults: [], fault: limitedSignIn(seconds) }, 429)
  sendPage(res, { ...page, headers: { 'retry-after': String(seconds) } })
}

const EMPTY: SignUpForm = { email: '', displayName: '', organisation: '', password: '', repeated: '' }
