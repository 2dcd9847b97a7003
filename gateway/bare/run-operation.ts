// One operation over a foreign supergraph: bounds, execution in time, and an answer as the subgraphs gave it. No rules, no budget, no record.
import type { Logger } from 'pino'
import { isErrorCode, PlatformError } from '../../subgraphs/kernel/errors.ts'
import { publicError, type PublicError } from '../../subgraphs/kernel/masking.ts'
import { resolveText } from '../documents/resolve-document.ts'
import { DeadlinePassed, withDeadline } from '../deadline.ts'
import type { DoorMetrics } from '../observe/metrics.ts'
import type { OperationRequest, WhenLeft } from '../operation/run-operation.ts'
import { answerOfRefusal, shapeAnswer, type Answer, type RawResult } from '../operation/shape-answer.ts'
import type { ServedSupergraph } from './served-supergraph.ts'

export interface BareOperations {
  /** The version of this moment; an operation stays with the one it began with. */
  readonly served: () => ServedSupergraph
  readonly metrics: Pick<DoorMetrics, 'operationTook'>
  readonly timeoutMs: number
  readonly log: Logger
}

export function createBareRunner({ served, metrics, timeoutMs, log }: BareOperations) {
  return async (request: OperationRequest, _caller: unknown, whenLeft: WhenLeft): Promise<Answer> => {
    const started = performance.now()
    const supergraph = served()
    const requestLog = log.child({ requestId: request.requestId })
    const resolved = resolveText(request.asked)
    if (!resolved.ok) return refuse(resolved.refusal, requestLog)
    const { source, hash } = resolved
    const { operationName, variables } = request
    const checked = supergraph.check({ source, hash, operationName, variables })
    if (!checked.ok) return answerOfRefusal(checked.refusal)
    const { document, operation } = checked
    if (operation.operation === 'subscription') return refuse(new PlatformError('SUBSCRIPTION_REFUSED'), requestLog)
    if (request.readsOnly && operation.operation !== 'query') return refuse(new PlatformError('METHOD_NOT_ALLOWED'), requestLog)

    const aborting = new AbortController()
    // A write goes on to its end, also where nobody waits for the answer.
    if (operation.operation === 'query') whenLeft(() => aborting.abort())
    const work = supergraph.use(() =>
      supergraph.run({
        source,
        hash,
        document,
        operation,
        operationName,
        variables,
        context: { signal: aborting.signal },
      }),
    )
    try {
      return answerAsGiven(await withDeadline(work, timeoutMs), requestLog)
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) return refuse(error, requestLog)
      aborting.abort()
      return refuse(new PlatformError('REQUEST_TIMEOUT'), requestLog)
    } finally {
      metrics.operationTook(operation.operation, (performance.now() - started) / 1_000)
    }
  }
}

const refuse = (error: unknown, log: Logger): Answer => shapeAnswer({ errors: [error] }, log)

/**
 * What a subgraph says of its faults is its own business here, and passes; what went wrong on our side is masked as at the platform's
 * door. A value that breaks the contract is null in the answer; stock tells of it in an extension, the specification wants an error.
 */
function answerAsGiven({ data, errors: raw = [], extensions }: RawResult, log: Logger): Answer {
  // Refused before anything ran: as at the door, with the status that belongs to it.
  if (data === undefined) return shapeAnswer({ errors: raw }, log)
  const completion = Array.isArray(extensions?.valueCompletion) ? (extensions.valueCompletion as unknown[]) : []
  const errors = [
    ...raw.map((error) => (isOfSubgraph(error) ? asGiven(error) : publicError(error, log))),
    ...completion.map(asGiven),
  ]
  if (errors.length === 0) return { body: { data }, code: 'OK', codes: [], outcome: 'ALLOWED' }
  const codes = errors.map(({ extensions: { code } }) => code)
  return { body: { errors, data }, code: codes.find(isErrorCode) ?? 'INTERNAL', codes, outcome: 'PARTIAL' }
}

interface Told {
  readonly message: string
  readonly path?: PublicError['path']
  readonly extensions?: Readonly<Record<string, unknown>>
}

const isOfSubgraph = (error: unknown): boolean => typeof (error as Told).extensions?.serviceName === 'string'

function asGiven(error: unknown): PublicError {
  const { message, path, extensions = {} } = error as Told
  const { stacktrace: _stacktrace, exception: _exception, ...kept } = extensions
  return { message, ...(path && { path }), extensions: { ...kept, code: String(kept.code ?? 'DOWNSTREAM_SERVICE_ERROR') } }
}
