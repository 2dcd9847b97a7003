// A proof of possession (DPoP, RFC 9449): who sends a bound token shows, for this one request, that the key is theirs.
import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify, type JWTPayload } from 'jose'
import type { Logger } from 'pino'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { describeFault } from '../../subgraphs/kernel/masking.ts'
import type { AccessDatabase } from '../access-database.ts'

export const PROOF_ALGORITHMS: readonly string[] = ['ES256', 'EdDSA', 'Ed25519']

/** A proof is made for the request it travels with; a minute allows for a slow line. */
const MAX_AGE_SECONDS = 60
/** FAPI 2.0, 5.3.2.1: clocks may differ by 10 seconds. */
const CLOCK_TOLERANCE_SECONDS = 10
/** A used proof is remembered far longer than it is accepted: gateways' clocks differ, and a slow database lets one wait. */
const REMEMBERED_SECONDS = 600
const USES_PER_PURGE = 500
/** An honest proof has some 400 characters; a signature over a long one would cost us, not its sender. */
const MAX_PROOF_LENGTH = 4_096
const MAX_JTI_LENGTH = 256

export interface ProvenRequest {
  readonly proof: string | undefined
  readonly method: string
  readonly token: string
  /** Thumbprint (RFC 7638) of the key that the token is bound to. */
  readonly boundTo: string
}

export type ProofCheck = (request: ProvenRequest) => Promise<void>

export interface ProofCheckOptions {
  readonly database: AccessDatabase
  /** The public address of the API: behind a proxy, what a request says about its own address is not to be believed. */
  readonly endpoint: string
  readonly now: () => Date
  readonly log: Logger
}

export function createProofCheck({ database, endpoint, now, log }: ProofCheckOptions): ProofCheck {
  let uses = 0

  // The insert decides, not a look before it: of any number of simultaneous uses at any number of gateways, one goes on.
  async function useOnce(boundTo: string, jti: string): Promise<void> {
    const id = createHash('sha256')
      .update(JSON.stringify([boundTo, jti]))
      .digest('base64url')
    const at = now().getTime()
    const [row] = await database.query<{ first: boolean }>('select access.use_proof($1, $2) as first', [
      id,
      new Date(at + REMEMBERED_SECONDS * 1_000),
    ])
    if (row?.first !== true) throw new PlatformError('PROOF_USED')
    if (uses++ % USES_PER_PURGE !== 0) return
    // Housekeeping must not cost a caller its answer: the proof is used by now, and would not serve a second try.
    void database
      .query('select access.forget_proofs($1)', [new Date(at)])
      .catch((error: unknown) => log.warn({ fault: describeFault(error) }, 'used proofs could not be cleared'))
  }

  return async ({ proof, method, token, boundTo }) => {
    if (!proof) throw invalid('the header DPoP is missing')
    if (proof.length > MAX_PROOF_LENGTH) throw invalid('it is too long')
    const { claims, thumbprint } = await readProof(proof, now())
    const { jti, iat, htm, htu, ath } = claims
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) throw invalid('jti')
    if (typeof iat !== 'number') throw invalid('iat')
    if (htm !== method) throw invalid('htm')
    if (!isSameAddress(htu, endpoint)) throw invalid('htu')
    if (ath !== createHash('sha256').update(token).digest('base64url')) throw invalid('ath')
    if (thumbprint !== boundTo) throw invalid('it is signed by another key than that of the token')
    const age = now().getTime() / 1_000 - iat
    if (age < -CLOCK_TOLERANCE_SECONDS || age > MAX_AGE_SECONDS + CLOCK_TOLERANCE_SECONDS)
      throw new PlatformError('PROOF_OUTDATED')
    // Last, so that only who holds the key of a living token can make us write.
    await useOnce(boundTo, jti)
  }
}

async function readProof(proof: string, currentDate: Date): Promise<{ claims: JWTPayload; thumbprint: string }> {
  try {
    // EmbeddedJWK takes a public key alone.
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...PROOF_ALGORITHMS],
      typ: 'dpop+jwt',
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate,
    })
    return { claims: payload, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk!) }
  } catch (error) {
    // A key that is no key is refused by the platform's cryptography with an error of its own.
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      throw invalid('typ, alg, jwk or the signature')
    throw error
  }
}

/** The proof is the caller's own work: what is wrong with it tells them something, and a thief without the key nothing. */
const invalid = (fault: string): PlatformError => new PlatformError('PROOF_INVALID', { fault })

/** RFC 9449, 4.3: query and fragment do not count. */
function isSameAddress(htu: unknown, endpoint: string): boolean {
  const url = typeof htu === 'string' ? URL.parse(htu) : null
  if (!url) return false
  url.search = ''
  url.hash = ''
  return url.href === endpoint
}
