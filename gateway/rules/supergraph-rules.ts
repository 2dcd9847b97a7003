// Who may ask for a field, as the supergraph itself says it: `@requiresScopes` and `@authenticated` of every field.
import {
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  type TypeNode,
} from 'graphql'

/** Alternatives of scope sets; one of them must be held whole. A single empty set: any party with a valid token. */
export interface AccessRule {
  readonly anyOf: readonly (readonly string[])[]
}

/** By schema coordinate, `Type.field`. What is not in it has no rule, and is not served. */
export type AccessRules = ReadonlyMap<string, AccessRule>

const ANYBODY_WITH_TOKEN: AccessRule = { anyOf: [[]] }
const NOBODY: AccessRule = { anyOf: [] }

export function readAccessRules(supergraph: DocumentNode): AccessRules {
  const rules = new Map<string, AccessRule>()
  const ofLeaves = leafRules(supergraph)
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue
    const typeRule = ruleOf(definition.directives)
    for (const field of definition.fields ?? []) {
      const rule = both(both(typeRule, ruleOf(field.directives)), ofLeaves.get(namedTypeOf(field.type)))
      if (rule) rules.set(`${definition.name.value}.${field.name.value}`, rule)
    }
  }
  return rules
}

/** A rule on a scalar or an enum guards every field that answers it. */
function leafRules(supergraph: DocumentNode): AccessRules {
  const rules = new Map<string, AccessRule>()
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.SCALAR_TYPE_DEFINITION && definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue
    const rule = ruleOf(definition.directives)
    if (rule) rules.set(definition.name.value, rule)
  }
  return rules
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type)
}

function ruleOf(directives: readonly ConstDirectiveNode[] = []): AccessRule | undefined {
  let rule: AccessRule | undefined
  for (const directive of directives) {
    switch (directive.name.value) {
      case 'authenticated':
        rule = both(rule, ANYBODY_WITH_TOKEN)
        break
      case 'requiresScopes':
        rule = both(rule, { anyOf: scopeSets(directive) })
        break
      // Needs a policy engine, which the platform does not have: what it guards stays closed.
      case 'policy':
        rule = NOBODY
        break
    }
  }
  return rule
}

function scopeSets(directive: ConstDirectiveNode): string[][] {
  const argument = directive.arguments?.find(({ name }) => name.value === 'scopes')
  const sets: unknown = argument && valueFromASTUntyped(argument.value)
  return Array.isArray(sets) ? sets.filter((set): set is string[] => Array.isArray(set)) : []
}

/** One rule that asks for what both ask for. */
function both(one: AccessRule | undefined, other: AccessRule | undefined): AccessRule | undefined {
  if (!one || !other) return one ?? other
  return { anyOf: one.anyOf.flatMap((left) => other.anyOf.map((right) => [...new Set([...left, ...right])])) }
}

/** Fields that callers can see and no rule names. Must be none; each of them is refused. */
export function fieldsWithoutRule(apiSchema: GraphQLSchema, rules: AccessRules): string[] {
  return Object.values(apiSchema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
    .filter((coordinate) => !rules.has(coordinate))
}
