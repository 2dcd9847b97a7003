// One subgraph, two ways to it: in this process and over HTTP its programs answer the same bytes, on honest days and bad ones.
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpTransport } from '../../../gateway/transport/http.ts'
import { createInProcessTransport } from '../../../gateway/transport/in-process.ts'
import type { SubgraphTransport } from '../../../gateway/transport/transport.ts'
import { DocumentMemory } from '../../../subgraphs/kernel/document-memory.ts'
import { createSubgraphService, type SubgraphService } from '../../../subgraphs/kernel/service.ts'
import type { Subgraph } from '../../../subgraphs/kernel/subgraph.ts'
import { assertAdmitted, type Viewer } from '../../../subgraphs/kernel/viewer.ts'
import { oddSchema, type Asking, type Oddness } from '../../kernel/execution/support/odd-schema.ts'
import { generateOperation } from './support/generate.ts'

const RUNS = Number(process.env.EXECUTION_RUNS ?? 150)
const SEED = Number(process.env.EXECUTION_SEED ?? 5)

const VIEWER: Viewer = {
  clientId: 'smas',
  applicationId: null,
  vendorId: null,
  accountId: null,
  role: null,
  authorityId: null,
  displayName: 'SMAS',
  scopes: ['school.read'],
  environment: 'SANDBOX',
  grantVersion: 1,
  requestId: 'request-0001',
  operationName: null,
  operationHash: '',
  idempotencyKey: null,
}

const DAYS: readonly Oddness[] = [
  { promises: 5, nulls: 0, errors: 0, nonsense: 0 },
  { promises: 5, nulls: 8, errors: 10, nonsense: 0 },
]

const schema = oddSchema()
const documents = new DocumentMemory(schema)
let asking: Pick<Asking, 'seed' | 'odd'>
const subgraph: Pick<Subgraph, 'name' | 'execute' | 'database'> = {
  name: 'schools',
  database: { ping: async () => undefined } as never,
  async execute({ query, operationName, variables }, viewer) {
    assertAdmitted(viewer)
    const context: Asking = { ...asking, calls: [] }
    const result = await documents.read(query).execute({ operationName, variables, context })
    return { ...result, extensions: { touched: { schools: ['a'], students: [] } } }
  },
}

let service: SubgraphService
let ways: SubgraphTransport[] = []

beforeAll(async () => {
  const keys = generateKeyPairSync('ed25519')
  const now = (): Date => new Date()
  const log = pino({ level: 'silent' })
  service = createSubgraphService({ subgraph, verificationKey: keys.publicKey, now, log })
  const origin = await service.listen(0, '127.0.0.1')
  ways = [
    createInProcessTransport(subgraph, log),
    createHttpTransport({ name: 'schools', origin, signingKey: keys.privateKey, now }),
  ]
})
afterAll(async () => {
  await Promise.all(ways.map((way) => way.close()))
  await service?.close()
})

test(
  'generated operations',
  async () => {
    let whole = 0
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), fc.integer({ min: 3, max: 40 }), async (seed, size) => {
        const generated = generateOperation(schema, String(seed), { size })
        fc.pre(generated !== undefined)
        const { source: query, operationName, variables } = generated
        for (const odd of DAYS) {
          asking = { seed: String(seed), odd }
          const answers: string[] = []
          for (const way of ways) {
            const answer = await way.execute({ query, operationName, variables }, VIEWER, new AbortController().signal)
            if (!answer.errors) whole++
            // A fault that nobody may read has a number of its own in each log.
            answers.push(JSON.stringify(answer).replace(/"errorId":"[^"]+"/g, '"errorId":"…"'))
          }
          expect({ query, answer: answers[0] }).toEqual({ query, answer: answers[1] })
        }
      }),
      { seed: SEED, numRuns: RUNS },
    )
    expect(whole).toBeGreaterThan(RUNS)
  },
  60_000 + RUNS * 200,
)
