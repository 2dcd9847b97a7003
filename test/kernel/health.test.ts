// Whether a process lives and can serve: asked by anybody, at any rate.
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { mountHealth } from '../../subgraphs/kernel/health.ts'
import { createHttpServer } from '../../subgraphs/kernel/http.ts'

const serverWith = (readiness: () => Promise<void>, isDraining = () => false) => {
  const app = createHttpServer({ log: pino({ level: 'silent' }), bodyLimit: 1_024, requestIdOf: () => 'a-request' })
  mountHealth(app, { readiness, isDraining })
  return app
}

test('a hundred who ask at once cost one look at the databases, and the next one another', async () => {
  let looks = 0
  const app = serverWith(async () => {
    looks++
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
  const answers = await Promise.all(Array.from({ length: 100 }, () => app.inject('/readyz')))
  const looksAtOnce = looks
  await app.inject('/readyz')
  expect([new Set(answers.map(({ statusCode }) => statusCode)), looksAtOnce, looks]).toEqual([new Set([200]), 1, 2])
})

test('a process that cannot serve says so and when to ask again, and serves as soon as it can', async () => {
  let away = true
  const app = serverWith(() => (away ? Promise.reject(new Error('away')) : Promise.resolve()))
  const before = await app.inject('/readyz')
  away = false
  const after = await app.inject('/readyz')
  expect([before.statusCode, before.headers['retry-after'], after.statusCode]).toEqual([503, '2', 200])
})

test('a process that ends lives still, and is no longer ready', async () => {
  const app = serverWith(
    async () => undefined,
    () => true,
  )
  expect([(await app.inject('/livez')).statusCode, (await app.inject('/readyz')).statusCode]).toEqual([200, 503])
})
