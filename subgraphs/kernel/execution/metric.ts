// Operations of a subgraph by who has executed them.
import { Counter, type Registry } from 'prom-client'
import type { CountExecution } from './execute.ts'

const NAME = 'lienthong_subgraph_executions_total'

export function countExecutions(registry: Registry, subgraph: string): CountExecution {
  // In one process the subgraphs share the registry, and whoever comes first makes the counter.
  const known = registry.getSingleMetric(NAME) as Counter | undefined
  const counter =
    known ??
    new Counter({
      name: NAME,
      help: 'Fetches by who has executed them: compiled programs, or graphql-js and for what reason.',
      labelNames: ['subgraph', 'executor', 'reason'],
      registers: [registry],
    })
  const compiled = counter.labels({ subgraph, executor: 'compiled', reason: '' })
  return (reason) => {
    if (reason === null) compiled.inc()
    else counter.inc({ subgraph, executor: 'graphql-js', reason })
  }
}
