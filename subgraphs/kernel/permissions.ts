// The language in which a subgraph states who may see a field or do an act; the SDL scopes and the shield tree derive from it.
import type { GraphQLResolveInfo } from 'graphql'
import { PlatformError } from './errors.ts'
import type { Scope } from './scopes.ts'
import { and, rule, type IRules } from './shield.ts'
import type { SubgraphContext } from './context.ts'
import { assertAdmitted } from './viewer.ts'

/** A rule that looks at the arguments of an act. Answers true or says why not. */
export type Guard = (
  args: Record<string, unknown>,
  context: SubgraphContext,
  info: GraphQLResolveInfo,
) => true | PlatformError | Promise<true | PlatformError>

export interface FieldRule {
  /** Alternatives of scope sets, as in `@requiresScopes`; empty: any authenticated party. */
  readonly anyOf: readonly (readonly Scope[])[]
  readonly guard?: Guard
}

export type TypeRules = Readonly<Record<string, FieldRule>>
export type Permissions = Readonly<Record<string, TypeRules>>

/** Any party with a valid token. */
export const authenticated: FieldRule = { anyOf: [] }

/** All of the named scopes. */
export function needs(...scopes: Scope[]): FieldRule {
  return { anyOf: [scopes] }
}

/** At least one of the named scopes. */
export function needsOneOf(...scopes: Scope[]): FieldRule {
  return { anyOf: scopes.map((scope) => [scope]) }
}

/** The same rule with a condition on the act itself. */
export function when(base: FieldRule, guard: Guard): FieldRule {
  return { ...base, guard }
}

/** The same rule for several fields, each named: `...fields(needs('school.read'), 'id', 'code')`. */
export function fields(base: FieldRule, ...names: string[]): TypeRules {
  return Object.fromEntries(names.map((name) => [name, base]))
}

export function holdsScopes(held: readonly Scope[], { anyOf }: FieldRule): boolean {
  return anyOf.length === 0 || anyOf.some((all) => all.every((scope) => held.includes(scope)))
}

function scopeRule(fieldName: string, fieldRule: FieldRule) {
  return rule(`scope:${fieldName}`, { cache: 'no_cache' })((_parent, _args, context: SubgraphContext) => {
    assertAdmitted(context.viewer)
    return (
      holdsScopes(context.viewer.scopes, fieldRule) || new PlatformError('SCOPE_MISSING', { requiredScopes: fieldRule.anyOf })
    )
  })
}

function guardRule(fieldName: string, guard: Guard) {
  return rule(`act:${fieldName}`, { cache: 'no_cache' })((_parent, args, context, info) => guard(args, context, info))
}

/** The graphql-shield tree of a subgraph: one rule for each field that `permissions` names, nothing else. */
export function shieldTree(permissions: Permissions): IRules {
  const tree: Record<string, Record<string, ReturnType<typeof scopeRule> | ReturnType<typeof and>>> = {}
  for (const [typeName, typeRules] of Object.entries(permissions)) {
    const branch: (typeof tree)[string] = (tree[typeName] = {})
    for (const [fieldName, fieldRule] of Object.entries(typeRules)) {
      const name = `${typeName}.${fieldName}`
      const scopes = scopeRule(name, fieldRule)
      branch[fieldName] = fieldRule.guard ? and(scopes, guardRule(name, fieldRule.guard)) : scopes
    }
  }
  // The federation machinery of every subgraph: open to the gateway's viewer, closed to everybody else.
  tree.Query = {
    ...tree.Query,
    _service: scopeRule('Query._service', authenticated),
    _entities: scopeRule('Query._entities', authenticated),
  }
  tree._Service = { sdl: scopeRule('_Service.sdl', authenticated) }
  return tree
}
