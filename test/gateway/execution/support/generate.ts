// Valid operations over any contract, from a seed and a size.
import {
  doTypesOverlap,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  parse,
  validate,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { chanceOf, type Chance } from './chance.ts'

export interface Generated {
  readonly source: string
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly variables: Record<string, unknown>
}

export interface Wishes {
  readonly size: number
  /** Whether a variable of a condition may be an explicit null, which only execution can find. */
  readonly nullConditions?: boolean
}

export function generateOperation(schema: GraphQLSchema, seed: string, wishes: Wishes): Generated | undefined {
  for (let attempt = 0; attempt < 12; attempt++) {
    const generated = attemptOperation(schema, chanceOf(`${seed}|${attempt}`), wishes)
    const document = parse(generated.source)
    if (validate(schema, document).length === 0) return { ...generated, document }
  }
  return undefined
}

function attemptOperation(schema: GraphQLSchema, chance: Chance, { size, nullConditions }: Wishes): Omit<Generated, 'document'> {
  const definitions: string[] = []
  const variables: Record<string, unknown> = {}
  const fragments: { name: string; type: GraphQLCompositeType; text: string }[] = []
  let left = size
  let named = 0

  const declare = (type: string, value: unknown, fallback?: string): string => {
    const name = `v${definitions.length}`
    definitions.push(`$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`)
    if (value !== undefined) variables[name] = value
    return `$${name}`
  }

  const conditions: string[] = []
  const directive = (): string => {
    if (!chance.oneIn(8)) return ''
    const kind = chance.pick(['skip', 'include'])
    const asKept = (kept: boolean): boolean => kept === (kind === 'include')
    const value = (): string => {
      if (chance.oneIn(4)) return String(asKept(!chance.oneIn(4)))
      if (conditions.length > 0 && chance.oneIn(2)) return chance.pick(conditions)
      const truth = asKept(!chance.oneIn(3))
      const condition = chance.oneIn(3)
        ? declare('Boolean', chance.oneIn(2) ? (nullConditions && chance.oneIn(4) ? null : truth) : undefined, String(truth))
        : declare('Boolean!', truth)
      conditions.push(condition)
      return condition
    }
    const first = ` @${kind}(if: ${value()})`
    return chance.oneIn(4) ? `${first} @${kind === 'skip' ? 'include' : 'skip'}(if: ${value()})` : first
  }

  const literal = (type: GraphQLInputType, depth: number): string => {
    if (isNonNullType(type)) return literal(type.ofType, depth)
    if (isListType(type)) return `[${chance.oneIn(3) ? '' : literal(type.ofType, depth)}]`
    if (isEnumType(type)) return chance.pick(type.getValues()).name
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || (depth < 2 && chance.oneIn(3)),
      )
      return `{${fields.map((field) => `${field.name}: ${literal(field.type, depth + 1)}`).join(' ')}}`
    }
    switch (getNamedType(type).name) {
      case 'Int':
        return String(chance.below(4))
      case 'Float':
        return '1.5'
      case 'Boolean':
        return 'true'
      case 'JSON':
        return '{a: [1, null]}'
      default:
        return JSON.stringify(chance.pick(['1', '2', 'a', 'điểm "x"']))
    }
  }
  const leafValue = (type: GraphQLInputType): unknown => {
    const bare = getNullableType(type)
    if (isListType(bare)) return [leafValue(bare.ofType)]
    if (isEnumType(bare)) return chance.pick(bare.getValues()).name
    switch (getNamedType(bare).name) {
      case 'Int':
        return chance.below(4)
      case 'Float':
        return 2.5
      case 'Boolean':
        return true
      default:
        return chance.pick(['1', '2'])
    }
  }

  const callOf = (field: GraphQLField<unknown, unknown>): string => {
    const given = field.args.filter((argument) => isRequiredArgument(argument) || chance.oneIn(2))
    if (given.length === 0) return ''
    const texts = given.map(({ name, type }) => {
      if (isInputObjectType(getNamedType(type)) || chance.oneIn(2)) return `${name}: ${literal(type, 0)}`
      const optional = !isNonNullType(type)
      return `${name}: ${declare(String(type), optional && chance.oneIn(4) ? (chance.oneIn(2) ? null : undefined) : leafValue(type))}`
    })
    return `(${texts.join(', ')})`
  }

  const setOf = (type: GraphQLCompositeType, depth: number): string => {
    const parts: string[] = []
    const count = 1 + chance.below(5)
    for (let index = 0; index < count; index++) {
      left--
      const roll = chance.below(12)
      if (roll === 0) parts.push(`${chance.oneIn(3) ? 'kind: ' : ''}__typename${directive()}`)
      else if (roll === 1 && depth < 6) parts.push(`...${directive()} { ${setOf(type, depth + 1)} }`)
      else if (roll < 5 && (isAbstractType(type) || roll === 2) && depth < 6) parts.push(spreadOf(type, depth))
      else if (!isUnionType(type)) {
        const text = fieldOf(type, depth)
        if (text) parts.push(text)
      }
    }
    return parts.length > 0 ? parts.join(' ') : '__typename'
  }

  const spreadOf = (type: GraphQLCompositeType, depth: number): string => {
    const condition = chance.pick(conditionsOf(type))
    const known = fragments.filter((fragment) => fragment.type === condition)
    if (known.length > 0 && chance.oneIn(2)) return `...${chance.pick(known).name}${directive()}`
    const inner = setOf(condition, depth + 1)
    if (!chance.oneIn(3)) return `... on ${condition.name}${directive()} { ${inner} }`
    const name = `F${named++}`
    fragments.push({ name, type: condition, text: `fragment ${name} on ${condition.name} { ${inner} }` })
    return `...${name}${directive()}`
  }

  /** Its own types, and of those it shares a type with, one in four. */
  const conditionsOf = (type: GraphQLCompositeType): readonly GraphQLCompositeType[] => {
    if (chance.oneIn(4)) {
      const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType)
      return abstract.filter((each) => doTypesOverlap(schema, each, type)).concat(isAbstractType(type) ? [] : [type as never])
    }
    return isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type, ...type.getInterfaces()]
  }

  const fieldOf = (type: GraphQLObjectType | GraphQLInterfaceType, depth: number): string | undefined => {
    const fields = Object.values(type.getFields())
    const deep = depth > 6 || left < 0
    const usable = deep ? fields.filter((field) => !isCompositeType(getNamedType(field.type))) : fields
    if (usable.length === 0) return undefined
    const field = chance.pick(usable)
    const call = callOf(field)
    const target = getNamedType(field.type)
    // The same name for the same call, so that sets overlap; a call of its own has a name of its own.
    const alias = call ? `c${named++}: ` : chance.oneIn(5) ? `x_${field.name}: ` : ''
    const inner = isCompositeType(target) ? ` { ${setOf(target, depth + 1)} }` : ''
    return `${alias}${field.name}${call}${directive()}${inner}`
  }

  const mutation = schema.getMutationType()
  const root = mutation && chance.oneIn(5) ? mutation : schema.getQueryType()!
  const body = setOf(root, 0)
  const kind = root === mutation ? 'mutation' : 'query'
  const operationName = chance.oneIn(3) ? undefined : 'Generated'
  const head = `${kind} ${operationName ?? ''}${definitions.length > 0 ? `(${definitions.join(', ')})` : ''}`
  const source = [`${head} { ${body} }`, ...fragments.map(({ text }) => text)].join('\n')
  return { source, operationName, variables }
}
