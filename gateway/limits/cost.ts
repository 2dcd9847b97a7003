// What an operation is estimated to cost, by the rules of the cost specification: one for each object in the answer, times the lists.
import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { CostModel } from './cost-model.ts'
import { CostTreeBuilder } from './cost-tree.ts'
import type { CostedSet } from './cost-tree.ts'
import { Pricing } from './pricing.ts'
import type { CostLimits } from './pricing.ts'
import type { Refusal } from './refusals.ts'
import { saturate } from './saturation.ts'
import type { Variables } from './variables.ts'

/** A write is a transaction, its history, outbox and audit rows, before any object of the answer. */
export const MUTATION_COST = 10

export type PriceResult =
  | {
      readonly ok: true
      readonly cost: number
      /** The part of it that no answer makes smaller: what a write costs before it answers, and the records sent. */
      readonly sent: number
    }
  | { readonly ok: false; readonly refusal: Refusal }

/** What depends on the document alone. */
export interface CostProgram {
  /** Before it runs, for these variables. */
  price(variables: Variables): PriceResult
  /** By which the answer is weighed. */
  readonly tree: CostedSet
}

/** To be called once the document is known to be within its bounds and free of cycles. */
export function compileCost(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
  model: CostModel,
  limits: CostLimits,
): CostProgram {
  const builder = new CostTreeBuilder(fragments, schema, model)
  const tree = builder.selectionSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined)
  const declared = builder.variables(operation)
  const base = operation.operation === 'mutation' ? MUTATION_COST : 0
  const { sizable } = builder

  const price = (variables: Variables): PriceResult => {
    const pricing = new Pricing({ limits, variables, declared, sizable })
    const cost = saturate(base + pricing.total(tree, undefined))
    return pricing.refusal ? { ok: false, refusal: pricing.refusal } : { ok: true, cost, sent: saturate(base + pricing.sent) }
  }
  if (builder.dependsOnVariables) return { price, tree }
  const always = price({})
  return { price: () => always, tree }
}
