// The shield tree read once for each distinct field of an operation, instead of once for each leaf of its answer.
//
// A middleware on a leaf turns the leaf into a promise: measured, 4× the CPU of a class page. Rules on scopes do not
// depend on the row, so their verdict is the same for every leaf; rows are the database's business. Root fields,
// entity references and fields with arguments keep their wrapper, because their guards look at arguments.
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql'
import type { SubgraphContext } from './context.ts'
import { PlatformError } from './errors.ts'
import type { IMiddlewareGenerator, MiddlewareTree } from './middleware.ts'
import type { IRule, IRules } from './shield.ts'

export interface FieldRef {
  readonly type: string
  readonly field: string
}

/** Every (type, field) the document may read, abstract parents spread over their possible types. */
export function distinctFields(schema: GraphQLSchema, document: DocumentNode): FieldRef[] {
  const found = new Map<string, FieldRef>()
  const typeInfo = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType()
        const field = node.name.value
        if (!parent || field.startsWith('__')) return
        const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]
        for (const { name } of types) found.set(`${name}.${field}`, { type: name, field })
      },
    }),
  )
  return [...found.values()]
}

const SHIELD_OPTIONS = { debug: false, allowExternalErrors: true, fallbackRule: undefined, fallbackError: undefined } as never

/** Throws the first refusal of the tree over these fields; a field without a rule is refused. */
export async function evaluateFields(
  tree: IRules,
  fields: readonly FieldRef[],
  context: Pick<SubgraphContext, 'viewer'>,
): Promise<void> {
  for (const { type, field } of fields) {
    const rule = fieldRule(tree, type, field)
    if (!rule) throw new PlatformError('ACT_FORBIDDEN')
    const scopeRule = 'rules' in rule ? (rule as unknown as { rules: IRule[] }).rules[0]! : rule
    const verdict = await scopeRule.resolve({}, {}, context as never, {} as GraphQLResolveInfo, SHIELD_OPTIONS)
    if (verdict instanceof Error) throw verdict
    if (verdict !== true) throw new PlatformError('ACT_FORBIDDEN')
  }
}

export function fieldRule(tree: IRules, type: string, field: string): IRule | undefined {
  return (tree as Record<string, Record<string, IRule> | undefined>)[type]?.[field]
}

/** The part of shield's middleware that stays on the schema: root fields and fields with arguments. */
export function guardedOnly(generator: IMiddlewareGenerator, schema: GraphQLSchema): MiddlewareTree {
  const roots = [schema.getQueryType()?.name, schema.getMutationType()?.name]
  const kept: MiddlewareTree = {}
  for (const [typeName, fieldMiddleware] of Object.entries(generator.generate(schema))) {
    const type = schema.getType(typeName)
    if (!isObjectType(type)) continue
    for (const [fieldName, middleware] of Object.entries(fieldMiddleware)) {
      const field = type.getFields()[fieldName]
      if (field && (roots.includes(typeName) || field.args.length > 0)) (kept[typeName] ??= {})[fieldName] = middleware
    }
  }
  return kept
}

/** Fields of the schema that the tree does not name: must be none. */
export function fieldsWithoutRule(tree: IRules, schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(getNamedType(type)) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((field) => [type.name, field] as const) : []))
    .filter(([type, field]) => !fieldRule(tree, type, field))
    .map(([type, field]) => `${type}.${field}`)
}
