// The cost of what an operation sends: input objects one each, other values nothing, unless the contract weighs them.
import { getNamedType, isInputObjectType, isInputType, Kind } from 'graphql'
import type { GraphQLNamedInputType, GraphQLSchema, TypeNode, ValueNode } from 'graphql'
import type { CostModel } from './cost-model.ts'
import { saturate } from './saturation.ts'

/**
 * A value seen apart from the argument it stands in, so that one walk over a variable serves every argument that uses it: sixty aliases
 * on a megabyte of variables cost one walk, not sixty.
 */
export interface InputMeasure {
  /** Objects and leaves at the argument's own level, each weighing what the argument or its type says. */
  readonly instances: number
  /** Lists around them; each weighs what the argument says, if it says anything. */
  readonly lists: number
  /** The cost of everything below. */
  readonly below: number
}

/** An input type seen for its cost. Lists around it do not matter: a value shows how many it is. */
export interface InputKind {
  /** What one instance weighs where the place itself says nothing. */
  readonly weight: number
  /** Of an input object, the fields that can cost something: a thousand flat records are then a thousand steps. */
  readonly fields: readonly InputField[] | undefined
}

export interface InputField {
  readonly name: string
  readonly kind: InputKind
  readonly weight: number | undefined
}

export const NO_INPUT: InputMeasure = { instances: 0, lists: 0, below: 0 }
const ONE_LEAF: InputMeasure = { instances: 1, lists: 0, below: 0 }

export class InputKinds {
  private readonly schema: GraphQLSchema
  private readonly model: CostModel
  private readonly kinds = new Map<GraphQLNamedInputType, InputKind>()

  constructor(schema: GraphQLSchema, model: CostModel) {
    this.schema = schema
    this.model = model
  }

  of(type: GraphQLNamedInputType): InputKind {
    const known = this.kinds.get(type)
    if (known) return known
    const said = this.model.weights.get(type.name)
    if (!isInputObjectType(type)) {
      const leaf = { weight: said ?? 0, fields: undefined }
      this.kinds.set(type, leaf)
      return leaf
    }
    const fields: InputField[] = []
    const kind = { weight: said ?? 1, fields }
    // Known before its fields are: input types may hold themselves.
    this.kinds.set(type, kind)
    for (const field of Object.values(type.getFields())) {
      const place = {
        name: field.name,
        kind: this.of(getNamedType(field.type)),
        weight: this.model.weights.get(`${type.name}.${field.name}`),
      }
      if (canCost(place)) fields.push(place)
    }
    return kind
  }

  ofTypeNode(node: TypeNode): InputKind | undefined {
    if (node.kind !== Kind.NAMED_TYPE) return this.ofTypeNode(node.type)
    const type = this.schema.getType(node.name.value)
    return isInputType(type) ? this.of(getNamedType(type)) : undefined
  }
}

/** Whether a value can cost anything at this place: pages, ids and filters by scalar cannot. */
export function canCost({ kind, weight }: Pick<InputField, 'kind' | 'weight'>): boolean {
  return weight !== undefined || kind.weight > 0 || kind.fields !== undefined
}

export function costAt({ kind, weight }: Pick<InputField, 'kind' | 'weight'>, measure: InputMeasure): number {
  return saturate(measure.instances * (weight ?? kind.weight) + measure.lists * (weight ?? 0) + measure.below)
}

/** A value as the request's variables bring it. Its depth has been bounded before. */
export function measureValue(value: unknown, kind: InputKind): InputMeasure {
  if (value === null || value === undefined) return NO_INPUT
  if (Array.isArray(value)) return listOf(value, (each) => measureValue(each, kind))
  if (!kind.fields || !isRecord(value)) return ONE_LEAF
  let below = 0
  for (const field of kind.fields) {
    if (Object.hasOwn(value, field.name)) below += costAt(field, measureValue(value[field.name], field.kind))
  }
  return { instances: 1, lists: 0, below: saturate(below) }
}

/** A value as the document writes it; `ofVariable` answers for the variables in it. */
export function measureLiteral(node: ValueNode, kind: InputKind, ofVariable: (name: string) => InputMeasure): InputMeasure {
  switch (node.kind) {
    case Kind.NULL:
      return NO_INPUT
    case Kind.VARIABLE:
      return ofVariable(node.name.value)
    case Kind.LIST:
      return listOf(node.values, (each) => measureLiteral(each, kind, ofVariable))
    case Kind.OBJECT: {
      if (!kind.fields) return ONE_LEAF
      let below = 0
      for (const field of kind.fields) {
        const given = node.fields.find(({ name }) => name.value === field.name)
        if (given) below += costAt(field, measureLiteral(given.value, field.kind, ofVariable))
      }
      return { instances: 1, lists: 0, below: saturate(below) }
    }
    default:
      return ONE_LEAF
  }
}

function listOf<T>(items: readonly T[], measure: (item: T) => InputMeasure): InputMeasure {
  let instances = 0
  let lists = 1
  let below = 0
  for (const item of items) {
    const part = measure(item)
    instances += part.instances
    lists += part.lists
    below += part.below
  }
  return { instances, lists, below: saturate(below) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
