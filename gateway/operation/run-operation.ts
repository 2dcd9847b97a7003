// One operation from its document to its answer: limits, budget, scopes, plan, masked errors, and an audit record that is durable before
// anything leaves.
import { hash } from 'node:crypto'
import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql'
import type { Logger } from 'pino'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { describeFault, publicError, type PublicError } from '../../subgraphs/kernel/masking.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { DeadlinePassed, withDeadline } from '../deadline.ts'
import type { AppendAudit, OperationKind } from '../audit.ts'
import type { AskedDocument } from '../documents/asked-document.ts'
import type { PreparedResult } from '../documents/prepared-documents.ts'
import type { DocumentResolution, Documents } from '../documents/resolve-document.ts'
import { ReadyJson } from '../execution/ready/ready-json.ts'
import { answeredCost, answeredCostOfCounts } from '../limits/answered-cost.ts'
import type { OperationChecker } from '../limits/check-operation.ts'
import type { Refusal } from '../limits/refusals.ts'
import type { ChangesRights } from '../rules/changes-rights.ts'
import { neededScopes } from '../rules/needed-scopes.ts'
import type { DoorMetrics } from '../observe/metrics.ts'
import type { NameRecord } from '../throttle/named-record.ts'
import type { ClassifyOperation } from '../throttle/operation-class.ts'
import type { Request as Priced, Throttle } from '../throttle/throttle.ts'
import type { Caller, Party } from '../viewer/authenticate.ts'
import type { ExecuteOperation, ExecutionRequest, MeasuredDocument } from './execute-operation.ts'
import { OperationContext } from './operation-context.ts'
import { answerOfRefusal, shapeAnswer, withCost, type Answer } from './shape-answer.ts'

export interface OperationRequest {
  readonly asked: AskedDocument
  /** The header `X-Document-Mode`. */
  readonly askedMode: string | null
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
  readonly idempotencyKey: string | null
  readonly requestId: string
  /** By GET, which anybody's page can cause: reads only. */
  readonly readsOnly: boolean
}

export interface OperationDependencies {
  readonly documents: Documents
  readonly check: OperationChecker
  readonly throttle: Throttle
  readonly classify: ClassifyOperation
  readonly nameRecord: NameRecord
  readonly execute: ExecuteOperation
  readonly appendAudit: AppendAudit
  readonly changesRights: ChangesRights
  /** Resolves when this gateway knows every change of rights that was committed before. */
  readonly rightsCaughtUp: () => Promise<void>
  readonly metrics: DoorMetrics
  readonly log: Logger
  readonly timeoutMs: number
}

/** A name may be as long as the document; records and envelopes keep the part that tells one from another. */
const LONGEST_NAME = 200
/** Reading and recording a request is work, whatever comes of it. */
const LEAST_COST = 1

/** Acts if the caller goes before the answer has gone out: nobody waits for it any more. */
export type WhenLeft = (act: () => void) => void

export type RunOperation = (request: OperationRequest, caller: Caller, whenLeft: WhenLeft) => Promise<Answer>

export function createOperationRunner(dependencies: OperationDependencies): RunOperation {
  const { documents, check, throttle, classify, nameRecord, execute, appendAudit, metrics, log, timeoutMs } = dependencies
  const { changesRights, rightsCaughtUp } = dependencies

  return async (request, caller, whenLeft) => {
    const started = performance.now()
    const { party } = caller
    const requestLog = onceAsked(() => log.child({ requestId: request.requestId, clientId: party.clientId }))
    const aborting = new AbortController()
    const { operationName: named, variables, askedMode } = request
    const resolved = await documents
      .resolve(request.asked, { ...caller, askedMode }, named)
      .catch((error: unknown): DocumentResolution => unresolved(request.asked, error))
    const checked = checkResolved(resolved, request)
    const operation = checked.ok ? checked.operation : undefined
    const operationName = operation?.name?.value.slice(0, LONGEST_NAME) ?? null
    const viewer: Viewer = {
      ...party,
      requestId: request.requestId,
      operationName,
      operationHash: resolved.hash,
      idempotencyKey: request.idempotencyKey,
    }
    const context = new OperationContext(viewer, aborting.signal)
    // A write goes on: who comes back with its key finds what became of it. What a read has cost until now, it has cost.
    if (operation?.operation === 'query') whenLeft(() => aborting.abort())

    const answer = await answerWithinBudget(request, party, checked, context, () =>
      checked.ok && resolved.ok
        ? answerInTime(
            request,
            { source: resolved.source, operationName: named, variables },
            { ...checked, isValid: resolved.prepared !== undefined },
            context,
            aborting,
            requestLog,
          )
        : Promise.resolve(answerOf(checked.ok ? new PlatformError('INTERNAL') : checked.refusal)),
    ).catch((error: unknown) => shapeAnswer({ errors: [error] }, requestLog()))
    if (checked.ok) {
      metrics.operationCost(checked.measured.cost)
      if (resolved.ok) await keepInMind(resolved, checked, party, context)
    }

    const kind = kindOf(operation, context)
    const mayHaveChangedRights = operation && kind === 'mutation' && answer.body.data && changesRights(operation)
    const [settled] = await Promise.all([
      settle(
        answer,
        () =>
          appendAudit({
            requestId: request.requestId,
            party,
            operationName,
            operationHash: viewer.operationHash,
            operationKind: kind,
            fields: context.needs?.fields ?? [],
            schools: context.schools,
            students: context.students,
            outcome: answer.outcome,
            errorCodes: answer.codes,
          }),
        requestLog,
      ),
      // Whoever is told that a right has ended finds it ended on the next request. What was changed is committed by now, and nobody is
      // told before both are done, so neither has to wait for the other.
      mayHaveChangedRights ? rightsCaughtUp() : undefined,
    ])
    metrics.operationTook(kind, (performance.now() - started) / 1_000)
    return settled
  }

  async function answerWithinBudget(
    { variables }: OperationRequest,
    party: Party,
    checked: PreparedResult,
    context: OperationContext,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const admission = await throttle.admit(party, pricedOf(checked, variables))
    if (!admission.ok) {
      const { refusal, cost } = admission
      return withCost(answerOf(refusal), cost)
    }
    const answer = await work()
    return withCost(answer, admission.settle(actualCost(checked, answer, context), context.schools))
  }

  function answerOf(refusal: PlatformError | Refusal): Answer {
    return refusal instanceof PlatformError ? shapeAnswer({ errors: [refusal] }, log) : answerOfRefusal(refusal)
  }

  function checkResolved(resolved: DocumentResolution, { operationName, variables }: OperationRequest): PreparedResult {
    if (!resolved.ok) return resolved
    const { prepared, source, hash } = resolved
    return prepared ? prepared.check(operationName, variables) : check({ source, hash, operationName, variables })
  }

  /** The list that was not asked for an answer: 503, and the record names the document as it was asked for. */
  function unresolved(asked: AskedDocument, error: unknown): DocumentResolution {
    const refusal = error instanceof PlatformError ? error : new PlatformError('INTERNAL')
    if (refusal !== error) log.error({ fault: describeFault(error) }, 'a document could not be resolved')
    return { ok: false, hash: asked.hash ?? hash('sha256', asked.text ?? asked.id ?? ''), refusal }
  }

  /** A document beside the list is counted where that is wanted, and in the sandbox, once it is known to be valid, remembered. */
  async function keepInMind(
    resolved: DocumentResolution & { ok: true },
    { document, operation, measured }: PreparedResult & { ok: true },
    { applicationId, clientId }: Party,
    { needs }: OperationContext,
  ): Promise<void> {
    if (applicationId === null) return
    const name = operation.name?.value.slice(0, LONGEST_NAME) ?? null
    if (resolved.isUnlisted) documents.sawUnlisted(applicationId, resolved.hash, name)
    if (!resolved.isNew || !needs) return
    await documents.remember(applicationId, clientId, resolved, {
      names: namesOf(document),
      neededScopes: neededScopes(needs, []),
      depth: measured.depth,
    })
  }

  function pricedOf(checked: PreparedResult, variables: OperationRequest['variables']): Priced {
    if (!checked.ok) return { operationClass: 'READ', cost: LEAST_COST, record: undefined }
    const { document, operation, measured } = checked
    return {
      operationClass: classify(document, operation),
      cost: Math.max(LEAST_COST, measured.cost),
      record: nameRecord(document, operation, variables),
    }
  }

  async function answerInTime(
    request: OperationRequest,
    execution: ExecutionRequest,
    measured: MeasuredDocument,
    context: OperationContext,
    aborting: AbortController,
    requestLog: () => Logger,
  ): Promise<Answer> {
    const refusal = refusalOf(request, measured.operation)
    if (refusal) return shapeAnswer({ errors: [refusal] }, requestLog())
    try {
      const result = await withDeadline(execute(execution, measured, context), timeoutMs)
      return shapeAnswer(result, result.errors || result.extensions ? requestLog() : log)
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) return shapeAnswer({ errors: [error] }, requestLog())
      aborting.abort()
      return shapeAnswer({ errors: [new PlatformError('REQUEST_TIMEOUT')] }, requestLog())
    }
  }
}

/**
 * A refusal, or a fault of ours, costs the least; what was stopped for taking too long has done all its work and more. So has
 * what read records and then came to nothing: one root field that cannot be answered empties the answer, not what it took.
 */
function actualCost(checked: PreparedResult, { body: { data }, code, outcome }: Answer, context: OperationContext): number {
  if (!checked.ok) return LEAST_COST
  const { costTree, measured } = checked
  const hasRead = context.schools.size + context.students.size > 0
  if (code === 'REQUEST_TIMEOUT' || (!data && hasRead && outcome === 'REFUSED')) return Math.max(LEAST_COST, measured.cost)
  if (!data) return LEAST_COST
  const cost = data instanceof ReadyJson ? answeredCostOfCounts(costTree, data) : answeredCost(costTree, data)
  return Math.max(LEAST_COST, measured.sent + cost)
}

function refusalOf({ readsOnly }: OperationRequest, { operation }: OperationDefinitionNode): PlatformError | undefined {
  if (operation === 'subscription') return new PlatformError('SUBSCRIPTION_REFUSED')
  if (readsOnly && operation !== 'query') return new PlatformError('METHOD_NOT_ALLOWED')
  return undefined
}

/** No answer without its record: what could not be written down did not happen, as far as the caller can see. */
async function settle(answer: Answer, append: () => Promise<void>, requestLog: () => Logger): Promise<Answer> {
  try {
    await append()
    return answer
  } catch (error) {
    const log = requestLog()
    const failure: PublicError = publicError(error, log)
    return shapeAnswer(
      {
        errors: [
          failure.extensions.code === 'SERVICE_UNAVAILABLE'
            ? failure
            : new PlatformError('SERVICE_UNAVAILABLE', { retryAfter: 2 }),
        ],
      },
      log,
    )
  }
}

/** A log of its own is for the few requests of which there is something to say. */
function onceAsked<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function namesOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION && each.name ? [each.name.value] : []))
}

function kindOf(operation: OperationDefinitionNode | undefined, { needs }: OperationContext): OperationKind {
  if (!operation) return 'unknown'
  return needs?.introspectionOnly ? 'introspection' : operation.operation
}
