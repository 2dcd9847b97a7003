// A subgraph that cannot be reached is left in peace for a while: who asks for it is refused at once, and the rest is answered.
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { createBackoff, type Backoff } from '../backoff.ts'
import type { SubgraphTransport } from './transport.ts'

/** One lost connection is no illness; five in a row, with no answer between them, are. */
const FAILURES_TO_OPEN = 5

export interface BreakerOptions {
  readonly now: () => Date
  /** How long the first rest is, and each after a probe that failed. */
  readonly backoff?: Backoff
}

/**
 * Without it a subgraph that hangs holds every operation that asks for it until its time is over, and the gateway's connections with
 * them. After each rest one fetch goes through as a probe; what it finds decides for the others.
 */
export function withBreaker<Caller>(
  transport: SubgraphTransport<Caller>,
  { now, backoff = createBackoff({ first: 500 }) }: BreakerOptions,
): SubgraphTransport<Caller> {
  let failures = 0
  let rests = 0
  let restsUntil = 0
  let probing = false

  function close(): void {
    failures = 0
    rests = 0
  }

  function fail(): void {
    const time = now().getTime()
    // Fetches that were on their way when it opened tell nothing new.
    if (++failures < FAILURES_TO_OPEN || time < restsUntil) return
    restsUntil = time + backoff(rests++)
  }

  async function pass<T>(fetch: () => Promise<T>): Promise<T> {
    const open = failures >= FAILURES_TO_OPEN
    if (open && (probing || now().getTime() < restsUntil)) throw new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 })
    if (open) probing = true
    try {
      const answer = await fetch()
      close()
      return answer
    } catch (error) {
      const code = error instanceof PlatformError ? error.code : undefined
      if (code === 'SERVICE_UNAVAILABLE') fail()
      // What was stopped by its caller says nothing of the subgraph; nonsense is an answer too.
      else if (code !== 'REQUEST_TIMEOUT') close()
      throw error
    } finally {
      if (open) probing = false
    }
  }

  const { fetchBytes } = transport
  return {
    execute: (request, caller, signal) => pass(() => transport.execute(request, caller, signal)),
    ...(fetchBytes && { fetchBytes: (request, caller, signal) => pass(() => fetchBytes(request, caller, signal)) }),
    close: () => transport.close(),
  }
}
