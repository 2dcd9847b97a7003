// What the door counts: outcomes, seconds and cost of operations, and the health of the process.
import { collectDefaultMetrics, Counter, Histogram, type Registry } from 'prom-client'

export interface DoorMetrics {
  /** `OK` or the code of the first error. */
  counted(code: string): void
  operationTook(kind: string, seconds: number): void
  operationCost(cost: number): void
  /** By whom an operation was executed, and why not in a faster way. */
  executed(execution: { readonly executor: string; readonly reason: string | null }): void
  /** How a request came to its document. */
  document(way: string): void
}

export function createDoorMetrics(registry: Registry): DoorMetrics {
  // In one process several parts share the registry, and whoever comes first collects what belongs to the process.
  if (!registry.getSingleMetric('nodejs_eventloop_lag_seconds')) collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'lienthong_gateway_requests_total',
    help: 'Requests to /graphql by outcome: OK, or the code of the first error.',
    labelNames: ['code'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'lienthong_gateway_operation_seconds',
    help: 'From the parsed request to the durable audit record.',
    labelNames: ['kind'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  })
  const cost = new Histogram({
    name: 'lienthong_gateway_operation_cost',
    help: 'Estimated cost of the operations that were let through.',
    buckets: [1, 10, 100, 500, 1_000, 2_500, 5_000, 10_000, 20_000],
    registers: [registry],
  })
  const executions = new Counter({
    name: 'lienthong_gateway_executions_total',
    help: 'Operations by who has executed them: programs over bytes (ready), over objects (compiled), or the stock executor, and for what reason not the one before.',
    labelNames: ['executor', 'reason'],
    registers: [registry],
  })
  const documents = new Counter({
    name: 'lienthong_gateway_documents_total',
    help: 'Requests by how they came to their document: its text; a registered, automatic or platform document by its hash, which is parsed and validated once; unknown, mismatched, or refused under ENFORCE.',
    labelNames: ['way'],
    registers: [registry],
  })
  return {
    document: (way) => documents.inc({ way }),
    counted: (code) => requests.inc({ code }),
    operationTook: (kind, took) => seconds.observe({ kind }, took),
    operationCost: (value) => cost.observe(value),
    executed: ({ executor, reason }) => executions.inc({ executor, reason: reason ?? '' }),
  }
}
