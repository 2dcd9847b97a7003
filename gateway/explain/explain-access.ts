// What would become of an operation if it were sent: the gateway's own checks, asked all of them and run none.
import { GraphQLError, validate, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { Logger } from 'pino'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { publicError } from '../../subgraphs/kernel/masking.ts'
import { isScope, SCOPES } from '../../subgraphs/kernel/scopes.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { OperationChecker, OperationRequest } from '../limits/check-operation.ts'
import type { Limits } from '../limits/limits.ts'
import type { Refusal } from '../limits/refusals.ts'
import { assertVariables } from '../operation/assert-variables.ts'
import type { MeasuredDocument } from '../operation/execute-operation.ts'
import { assertAllowed } from '../rules/assert-allowed.ts'
import { nearestAlternative, neededScopes } from '../rules/needed-scopes.ts'
import { readOperationNeeds, type OperationNeeds } from '../rules/operation-needs.ts'
import type { AccessRules } from '../rules/supergraph-rules.ts'
import type { BucketStatus } from '../throttle/bucket.ts'
import type { OperationClass } from '../throttle/budgets.ts'
import type { ClassifyOperation } from '../throttle/operation-class.ts'
import type { Throttle } from '../throttle/throttle.ts'

interface Fault {
  readonly code: string
  readonly message: string
  readonly messageVi: string
  readonly at: string | null
}

/** `AccessExplanation`, as far as the gateway knows; identity goes on from `neededScopes`. */
export interface AccessExplanation {
  readonly neededScopes: string
  readonly operationName: string | null
  readonly operationKind: 'QUERY' | 'MUTATION' | 'SUBSCRIPTION' | 'INTROSPECTION' | null
  readonly operationClass: OperationClass | null
  readonly allowed: boolean
  readonly depth: number | null
  readonly cost: { readonly requested: number | null; readonly maximum: number }
  readonly budget: BucketStatus | null
  readonly fields: readonly { readonly coordinate: string; readonly requiredScopes: readonly (readonly string[])[] }[]
  readonly consentsNeeded: boolean
  readonly typesRestingOnConsent: readonly string[]
  readonly faults: readonly Fault[]
}

export type ExplainAccess = (request: OperationRequest, viewer: Viewer) => AccessExplanation

export interface ExplainOptions {
  readonly apiSchema: GraphQLSchema
  readonly rules: AccessRules
  readonly check: OperationChecker
  readonly limits: Limits
  readonly classify: ClassifyOperation
  readonly throttle: Pick<Throttle, 'status'>
  readonly log: Logger
}

/** Enough to mend a document by; a page of the same fault helps nobody. */
const MOST_FAULTS = 20

export function createAccessExplainer(options: ExplainOptions): ExplainAccess {
  const { apiSchema, rules, check, limits, classify, throttle, log } = options

  return (request, viewer) => {
    const checked = check(request)
    if (!checked.ok) return unmeasured(checked.refusal, limits)
    const { document, operation, measured } = checked
    const operationClass = classify(document, operation)
    const known = {
      operationName: operation.name?.value ?? null,
      operationClass,
      depth: measured.depth,
      cost: { requested: measured.cost, maximum: limits.maxCost },
      budget: throttle.status(viewer, operationClass),
    }
    const invalid = validate(apiSchema, document, undefined, { maxErrors: MOST_FAULTS })
    if (invalid.length > 0) {
      const faults = invalid.slice(0, MOST_FAULTS).map((error) => faultOf(withCode(error, 'GRAPHQL_VALIDATION_FAILED')))
      const operationKind = kindOf(operation, undefined)
      return { ...NOTHING, ...known, operationKind, neededScopes: '', allowed: false, faults }
    }
    const needs = readOperationNeeds(apiSchema, rules, document, operation)
    const faults = faultsOf(needs, checked, request, viewer)
    const typesRestingOnConsent = consentTypes(needs, viewer.scopes)
    return {
      ...known,
      operationKind: kindOf(operation, needs),
      neededScopes: neededScopes(needs, viewer.scopes).join(' '),
      allowed: faults.length === 0,
      fields: needs.fields.map((coordinate) => ({
        coordinate,
        requiredScopes: (rules.get(coordinate)?.anyOf ?? []).filter((all) => all.length > 0),
      })),
      consentsNeeded: typesRestingOnConsent.length > 0,
      typesRestingOnConsent,
      faults,
    }
  }

  function faultsOf(
    needs: OperationNeeds,
    { document, operation }: Pick<MeasuredDocument, 'document' | 'operation'>,
    { variables }: OperationRequest,
    viewer: Viewer,
  ): Fault[] {
    const faults: Fault[] = []
    const tell = (assert: () => void): void => {
      try {
        assert()
      } catch (error) {
        faults.push(faultOf(error))
      }
    }
    if (operation.operation === 'subscription') faults.push(faultOf(new PlatformError('SUBSCRIPTION_REFUSED')))
    tell(() => assertVariables(apiSchema, document, operation, variables ?? {}))
    tell(() => assertAllowed(needs, viewer.scopes))
    return faults
  }

  /** In the very words of the refusal. */
  function faultOf(error: unknown): Fault {
    const { message, extensions } = publicError(error, log)
    return { code: extensions.code, message, messageVi: String(extensions.messageVi ?? message), at: null }
  }
}

const NOTHING = { fields: [], consentsNeeded: false, typesRestingOnConsent: [] } as const

function unmeasured({ code, message, messageVi, extensions }: Refusal, { maxCost }: Limits): AccessExplanation {
  const { limit, asked, at } = extensions
  return {
    ...NOTHING,
    neededScopes: '',
    operationName: null,
    operationKind: null,
    operationClass: null,
    allowed: false,
    depth: limit === 'maxDepth' ? (asked ?? null) : null,
    cost: { requested: limit === 'maxCost' ? (asked ?? null) : null, maximum: maxCost },
    budget: null,
    faults: [{ code, message, messageVi, at: at ?? null }],
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, path, originalError } = error
  return new GraphQLError(message, { nodes, path, originalError, extensions: { code } })
}

function kindOf({ operation }: OperationDefinitionNode, needs: OperationNeeds | undefined): AccessExplanation['operationKind'] {
  if (needs?.introspectionOnly) return 'INTROSPECTION'
  return operation === 'query' ? 'QUERY' : operation === 'mutation' ? 'MUTATION' : 'SUBSCRIPTION'
}

/** Types of which a field is opened by a scope that rests on consent. */
function consentTypes({ guards }: OperationNeeds, held: readonly string[]): string[] {
  const types = new Set<string>()
  for (const { rule, fields } of guards) {
    const scopes = nearestAlternative(rule, held)?.scopes ?? []
    if (!scopes.some((scope) => isScope(scope) && SCOPES[scope].legalBasis === 'CONSENT')) continue
    for (const coordinate of fields) {
      const type = coordinate.split('.')[0]!
      if (type !== 'Query' && type !== 'Mutation') types.add(type)
    }
  }
  return [...types].sort()
}
