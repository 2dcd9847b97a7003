// A subgraph that answers any query of the planner with data made up from a seed: often well, sometimes with nulls, values, types and
// faults that no honest subgraph would give. The same entity is always told the same, however many others are asked for beside it.
import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  getNamedType,
  GraphQLError,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import { chanceOf, type Chance } from './chance.ts'

export interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** How often something is odd: once in so many; 0 is never. */
export interface Oddness {
  readonly nulls: number
  readonly values: number
  readonly errors: number
  readonly faults: number
}

export const HONEST: Oddness = { nulls: 0, values: 0, errors: 0, faults: 0 }

export type Simulate = (asked: Asked, seed: string, oddness: Oddness) => unknown

interface Fault {
  readonly message: string
  readonly path?: (string | number)[]
  readonly extensions?: Record<string, unknown>
}

interface Making {
  readonly schema: GraphQLSchema
  readonly variables: Readonly<Record<string, unknown>>
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly odd: Oddness
  readonly chance: Chance
  readonly path: (string | number)[]
  readonly errors: Fault[]
}

export function simulateSubgraph(name: string, sdl: string): Simulate {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl) }])
  const documents = new Map<string, DocumentNode>()

  return ({ query, variables }, seed, odd) => {
    let document = documents.get(query)
    if (!document) documents.set(query, (document = parse(query)))
    const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)!
    const fragments = new Map<string, FragmentDefinitionNode>()
    for (const each of document.definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
    const defaults = Object.fromEntries(
      (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
        defaultValue && 'value' in defaultValue ? [[variable.name.value, defaultValue.value]] : [],
      ),
    )
    const errors: Fault[] = []
    const making = (chance: Chance, path: (string | number)[]): Making => ({
      schema,
      variables: { ...defaults, ...variables },
      fragments,
      odd,
      chance,
      path,
      errors,
    })

    const whole = chanceOf(`${seed}|${name}|${query}`)
    const { representations } = variables as { representations?: Record<string, unknown>[] }
    const faulty = whole.oneIn(odd.faults)
    const fault = whole.below(faults.length)
    let data: unknown
    if (representations) {
      const { selections } = operation.selectionSet
      const [field] = selections
      if (field?.kind !== Kind.FIELD) throw new Error('the planner asks for entities alone')
      const entities = representations.map((representation, index) => {
        const chance = chanceOf(`${seed}|${name}|${query}|${JSON.stringify(representation)}`)
        return makeEntity(making(chance, ['_entities', index]), representation, field.selectionSet!, seed)
      })
      data = { _entities: entities }
    } else {
      const root = operation.operation === 'mutation' ? schema.getMutationType()! : schema.getQueryType()!
      data = makeFields(making(whole, []), root.name, operation.selectionSet)
    }
    const answer = { data, ...(errors.length > 0 && { errors }) }
    return faulty ? faults[fault]!(answer as Answer) : answer
  }
}

interface Answer {
  data: Record<string, unknown> & { _entities?: unknown[] }
  errors?: Fault[]
}

const BAD = { message: 'bad', extensions: { code: 'BAD_DAY' } }

/** What can go wrong with a whole answer. None looks at how many entities were asked for, but by counting from their end. */
const faults: readonly ((answer: Answer) => unknown)[] = [
  () => {
    throw new Error('connect ECONNREFUSED')
  },
  () => {
    throw new GraphQLError('503: Service Unavailable', { extensions: { code: 'SERVICE_UNAVAILABLE', response: { status: 503 } } })
  },
  () => ({ errors: [BAD] }),
  () => ({ data: null, errors: [BAD] }),
  () => ({ data: null }),
  () => ({}),
  () => undefined,
  () => ({ data: 'nonsense' }),
  () => ({ data: 7 }),
  () => ({ data: [] }),
  () => ({ data: { _entities: null } }),
  () => ({ data: { _entities: 'abc' } }),
  () => ({ data: { _entities: { 0: {} } } }),
  ({ data }) => ({ data: data._entities ? { _entities: data._entities.slice(0, -1) } : {} }),
  ({ data }) => ({ data: data._entities ? { _entities: [...data._entities, { id: 'more' }] } : { ...data, more: 1 } }),
  ({ data, errors }) => ({ data: data._entities ? { _entities: data._entities.map(() => 'text') } : data, errors }),
  ({ data }) => ({ data: data._entities ? { _entities: data._entities.map(() => 5) } : data }),
  ({ data }) => ({ data: data._entities ? { _entities: data._entities.map(() => [{ id: 1 }]) } : data }),
  ({ data }) => ({ data: data._entities ? { _entities: data._entities.map(() => null) } : data }),
  ({ data }) => ({ data, errors: 'oops' }),
  ({ data }) => ({ data, errors: [null] }),
  ({ data }) => ({ data, errors: ['text', 7] }),
  ({ data }) => ({ data, errors: [] }),
  ({ data }) => ({ data, errors: [{ message: '', path: 'text' }, { path: ['_entities', 99, 'name'] }, { message: 'no path' }] }),
  ({ data }) => ({ data, errors: [{ message: 'x', path: ['_entities', 0, 'name'], extensions: { code: 'INVALID_GRAPHQL' } }] }),
  ({ data }) => ({ data, errors: [{ message: 'x', extensions: { code: '', serviceName: 'mine' } }], extensions: { more: 1 } }),
  ({ data }) => ({ data: { ...data, __typename: 'Other', extra: { deep: [1] } } }),
  ({ data }) => ({
    data: JSON.parse(JSON.stringify({ ...data, p: 1 }).replace('"p":1', '"__proto__":{"id":"x"},"__typename":4')),
  }),
  ({ data }) => ({
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Array.isArray(value) ? 'list' : [value]])),
  }),
  ({ data }) => ({ data: Object.fromEntries(Object.keys(data).map((key) => [key, key === '_entities' ? data[key] : {}])) }),
]

function makeEntity(
  making: Making,
  representation: Record<string, unknown>,
  selectionSet: SelectionSetNode,
  seed: string,
): unknown {
  const { chance, odd } = making
  if (chance.oneIn(odd.nulls && odd.nulls * 2)) return null
  if (chance.oneIn(odd.errors)) {
    making.errors.push(complaint(making))
    return null
  }
  const type = making.schema.getType(representation.__typename as string)
  // Known by its interface alone (@interfaceObject): which it is depends on the entity, and not on what is asked of it.
  if (isAbstractType(type)) {
    const actual = chanceOf(`${seed}|${type.name}|${JSON.stringify(representation.id)}`).pick(
      making.schema.getPossibleTypes(type),
    )
    return makeFields(making, actual.name, selectionSet)
  }
  if (!isObjectType(type)) return null
  return makeFields(making, type.name, selectionSet)
}

function complaint({ chance, path }: Making): Fault {
  return {
    message: chance.pick(['not allowed', 'not found', '']),
    path: [...path],
    ...(!chance.oneIn(3) && {
      extensions: { code: chance.pick(['FORBIDDEN', 'NOT_FOUND', 'INVALID_GRAPHQL']), id: chance.below(9) },
    }),
  }
}

function makeFields(making: Making, typename: string, selectionSet: SelectionSetNode): Record<string, unknown> {
  const made: Record<string, unknown> = Object.create(null)
  addFields(making, typename, selectionSet, made)
  return made
}

function addFields(making: Making, typename: string, selectionSet: SelectionSetNode, made: Record<string, unknown>): void {
  const { schema, chance, odd, path, fragments, variables } = making
  const type = schema.getType(typename)
  if (!isObjectType(type)) return
  for (const selection of selectionSet.selections) {
    if (isLeftOut(selection.directives, variables)) continue
    if (selection.kind !== Kind.FIELD) {
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value)! : selection
      const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
      if (!condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type)))
        addFields(making, typename, fragment.selectionSet, made)
      continue
    }
    const key = selection.alias?.value ?? selection.name.value
    if (chance.oneIn(odd.values && odd.values * 2)) continue
    if (selection.name.value === '__typename') {
      made[key] = chance.oneIn(odd.values * 4) ? chance.pick<unknown>(['Nobody', 'Node', 'Grade', '', 4, null]) : typename
      continue
    }
    const field = type.getFields()[selection.name.value]
    if (!field) continue
    path.push(key)
    const value = make(making, field.type, selection.selectionSet)
    path.pop()
    const there = made[key]
    if (isRecord(there) && isRecord(value)) Object.assign(there, { ...value, ...there })
    else if (there === undefined) made[key] = value
  }
}

function make(making: Making, type: GraphQLOutputType, selectionSet: SelectionSetNode | undefined): unknown {
  const { chance, odd, errors } = making
  if (chance.oneIn(odd.errors && odd.errors * 3)) {
    errors.push(complaint(making))
    return null
  }
  if (isNonNullType(type)) return chance.oneIn(odd.nulls * 4) ? null : makePresent(making, type.ofType, selectionSet)
  if (chance.oneIn(odd.nulls)) return null
  return makePresent(making, type, selectionSet)
}

function makePresent(making: Making, type: GraphQLOutputType, selectionSet: SelectionSetNode | undefined): unknown {
  const { chance, odd, schema, path } = making
  if (chance.oneIn(odd.values && odd.values * 2)) return chance.pick<unknown>(WRONG)
  if (isListType(type)) {
    return Array.from({ length: chance.below(4) }, (_, index) => {
      path.push(index)
      const value = make(making, type.ofType, selectionSet)
      path.pop()
      return value
    })
  }
  const named = getNamedType(type)
  if (selectionSet) {
    const actual = isAbstractType(named) ? chance.pick(schema.getPossibleTypes(named)) : named
    return makeFields(making, actual.name, selectionSet)
  }
  if (isEnumType(named)) return chance.pick(named.getValues()).name
  switch (named.name) {
    case 'Int':
      return chance.below(3)
    case 'Float':
      return chance.pick([0, 1.5, -2, 1e21])
    case 'Boolean':
      return chance.oneIn(2)
    case 'ID':
      return chance.pick(['1', '2', 3])
    case 'JSON':
      return chance.pick<unknown>([{ a: [1, { b: null }] }, [], 'text', 0, { b: 1, a: 2 }])
    default:
      return chance.pick(['a', 'b', '', 'điểm'])
  }
}

const WRONG: readonly unknown[] = [
  'text',
  '',
  0,
  7,
  1.5,
  1e21,
  true,
  false,
  {},
  [],
  [[]],
  [null],
  { id: 1 },
  { __typename: 'Pupil' },
  { __typename: 3 },
]

function isLeftOut(
  directives: SelectionSetNode['selections'][number]['directives'],
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const value = given?.[0]?.value
    const truth = value?.kind === Kind.VARIABLE ? variables[value.name.value] : value?.kind === Kind.BOOLEAN && value.value
    return name.value === 'skip' ? truth === true : name.value === 'include' && truth !== true
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
