// From which address a request comes: what a caller writes itself is never believed.
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { callerAddress } from '../../gateway/http/caller-address.ts'

const PEER = '198.51.100.1'
const from = (forwarded: string | undefined, hops: number): string =>
  callerAddress(
    { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: PEER } } as unknown as IncomingMessage,
    hops,
  )

test('without a proxy it is the peer, whatever the header says', () => {
  expect([from(undefined, 0), from('203.0.113.9', 0)]).toEqual([PEER, PEER])
})

test('behind proxies it is what the outermost of ours heard, and not what the caller wrote before it', () => {
  expect(from('203.0.113.9', 1)).toBe('203.0.113.9')
  expect(from('10.0.0.1, 203.0.113.9', 1)).toBe('203.0.113.9')
  expect(from('10.0.0.1, 203.0.113.9, 192.0.2.7', 2)).toBe('203.0.113.9')
  expect(from('2001:db8::1', 1)).toBe('2001:db8::1')
})

test('a header that is missing, too short or no address leaves the peer', () => {
  expect([from(undefined, 1), from('203.0.113.9', 2), from('unknown', 1), from('', 1)]).toEqual([PEER, PEER, PEER, PEER])
})
