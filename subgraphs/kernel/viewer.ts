// The viewer: on whose behalf an operation runs. Minted by the gateway, believed by a subgraph only when admitted.
import { createPrivateKey, createPublicKey, hash, randomFillSync, sign, verify, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { PlatformError } from './errors.ts'
import type { Scope } from './scopes.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from './subgraphs.ts'

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

/** What the gateway signs: for whom, until when, and for each subgraph the hash of the pass that opens it there. */
interface Claims {
  readonly exp: number
  readonly to: Readonly<Record<string, string>>
  readonly viewer: Viewer
}

interface Signed {
  readonly exp: number
  /** `claims.signature` */
  readonly text: string
  readonly passes: Readonly<Record<SubgraphName, string>>
}

// By key, by viewer: the object is one for all fetches of an operation, and goes with it.
const signed = new WeakMap<KeyObject, WeakMap<Viewer, Signed>>()

/**
 * One signature, some 45 µs, serves one operation at all subgraphs, and still none of them can pass it on: an envelope opens only with
 * the pass of the subgraph it is shown to, 128 random bits made for this operation. Each subgraph is sent its own; of the others' it
 * has the hash (docs/decisions/0035).
 */
export function signViewer(viewer: Viewer, audience: SubgraphName, key: KeyObject, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  let ofKey = signed.get(key)
  if (!ofKey) signed.set(key, (ofKey = new WeakMap()))
  let known = ofKey.get(viewer)
  // No operation runs as long as that: an envelope that is asked for again has time enough left for the fetch it goes with.
  const serves = known && known.exp <= seconds + VIEWER_LIFETIME_SECONDS && known.exp > seconds + VIEWER_LIFETIME_SECONDS / 2
  if (!known || !serves) ofKey.set(viewer, (known = signForAll(viewer, key, seconds)))
  return `${known.text}.${known.passes[audience]}`
}

function signForAll(viewer: Viewer, key: KeyObject, seconds: number): Signed {
  const exp = seconds + VIEWER_LIFETIME_SECONDS
  const passes = {} as Record<SubgraphName, string>
  const to: Record<string, string> = {}
  for (const name of SUBGRAPH_NAMES) to[name] = hashOf((passes[name] = drawPass()))
  const claims: Claims = { exp, to, viewer }
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return { exp, text: `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`, passes }
}

const hashOf = (pass: string): string => hash('sha256', pass, 'base64url')

const PASS_BYTES = 16
// As with ids: drawn for many at once.
const drawn = Buffer.alloc(PASS_BYTES * 256)
let used = drawn.length

function drawPass(): string {
  if (used === drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  return drawn.toString('base64url', used, (used += PASS_BYTES))
}

/** Verifies the gateway's signature, the pass of this subgraph and the minute, and admits the viewer. */
export class ViewerVerifier {
  // The several fetches of one operation carry the same envelope: the signature is checked once, the minute each time.
  readonly #seen = new LRUCache<string, { exp: number; viewer: Viewer }>({ max: 2_000 })
  readonly #audience: SubgraphName
  readonly #key: KeyObject
  readonly #now: () => Date

  constructor(audience: SubgraphName, key: KeyObject, now: () => Date) {
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
    const [body, signature, pass, ...rest] = envelope.split('.')
    if (!body || !signature || !pass || rest.length > 0) throw new PlatformError('VIEWER_UNSIGNED')
    if (!verify(null, Buffer.from(body), this.#key, Buffer.from(signature, 'base64url')))
      throw new PlatformError('VIEWER_UNSIGNED')
    const { exp, to, viewer } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Partial<Claims> & Omit<Claims, 'to'>
    const tooFar = exp > nowSeconds + VIEWER_LIFETIME_SECONDS + 5
    if (to?.[this.#audience] !== hashOf(pass) || exp <= nowSeconds || tooFar) throw new PlatformError('VIEWER_UNSIGNED')
    this.#seen.set(envelope, { exp, viewer: admitViewer(viewer) })
    return viewer
  }
}
