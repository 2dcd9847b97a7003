// The viewer: on whose behalf an operation runs. Minted by the gateway, believed by a subgraph only when admitted.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { PlatformError } from './errors.ts'
import type { Scope } from './scopes.ts'

export type Role = 'AUTHORITY_OFFICER' | 'COMPLIANCE_OFFICER' | 'PRINCIPAL' | 'TEACHER' | 'DEVELOPER'

export interface Viewer {
  readonly clientId: string
  readonly applicationId: string | null
  readonly vendorId: string | null
  readonly accountId: string | null
  readonly role: Role | null
  readonly authorityId: string | null
  readonly displayName: string
  /** Approval ∩ token. What an agreement takes away school by school is taken away in the database. */
  readonly scopes: readonly Scope[]
  readonly environment: 'SANDBOX' | 'PRODUCTION'
  readonly grantVersion: number
  readonly requestId: string
  readonly operationName: string | null
  readonly operationHash: string
  readonly idempotencyKey: string | null
}

// A viewer is believed because of where the object came from, not because of what it says: only the two functions
// below put one into this set, so a viewer that a bug or an attacker assembled by hand opens nothing.
const admitted = new WeakSet<Viewer>()

/** For the in-process transport of the gateway alone; the import rules of the project hold everyone else off. */
export function admitViewer(viewer: Viewer): Viewer {
  admitted.add(viewer)
  return viewer
}

export function assertAdmitted(viewer: Viewer | null | undefined): asserts viewer is Viewer {
  if (!viewer || !admitted.has(viewer)) throw new PlatformError('VIEWER_UNSIGNED')
}

export const VIEWER_LIFETIME_SECONDS = 60

export function readSigningKey(pem: string): KeyObject {
  return createPrivateKey(pem)
}

export function readVerificationKey(pem: string): KeyObject {
  return createPublicKey(pem)
}

/** One signature serves one operation at one subgraph: the audience is inside, so a subgraph cannot pass it on. */
export function signViewer(viewer: Viewer, audience: string, key: KeyObject, now: Date): string {
  const payload = JSON.stringify({ aud: audience, exp: Math.floor(now.getTime() / 1000) + VIEWER_LIFETIME_SECONDS, viewer })
  const body = Buffer.from(payload).toString('base64url')
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`
}

/** Verifies the gateway's signature, audience and minute, and admits the viewer. */
export class ViewerVerifier {
  // The several fetches of one operation carry the same envelope: the signature is checked once, the minute each time.
  readonly #seen = new LRUCache<string, { exp: number; viewer: Viewer }>({ max: 2_000 })
  readonly #audience: string
  readonly #key: KeyObject
  readonly #now: () => Date

  constructor(audience: string, key: KeyObject, now: () => Date) {
    this.#audience = audience
    this.#key = key
    this.#now = now
  }

  admit(envelope: string | undefined): Viewer {
    if (!envelope) throw new PlatformError('VIEWER_UNSIGNED')
    const nowSeconds = this.#now().getTime() / 1000
    const known = this.#seen.get(envelope)
    if (known) {
      if (known.exp <= nowSeconds) throw new PlatformError('VIEWER_UNSIGNED')
      return known.viewer
    }
    const [body, signature, ...rest] = envelope.split('.')
    if (!body || !signature || rest.length > 0) throw new PlatformError('VIEWER_UNSIGNED')
    if (!verify(null, Buffer.from(body), this.#key, Buffer.from(signature, 'base64url')))
      throw new PlatformError('VIEWER_UNSIGNED')
    const { aud, exp, viewer } = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      aud: string
      exp: number
      viewer: Viewer
    }
    const tooFar = exp > nowSeconds + VIEWER_LIFETIME_SECONDS + 5
    if (aud !== this.#audience || exp <= nowSeconds || tooFar) throw new PlatformError('VIEWER_UNSIGNED')
    this.#seen.set(envelope, { exp, viewer: admitViewer(viewer) })
    return viewer
  }
}
