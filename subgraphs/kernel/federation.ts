// SDL of a subgraph as composition wants it: the federation link, and each field's scopes written from its rules.
import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type ConstListValueNode,
  type DocumentNode,
  type StringValueNode,
} from 'graphql'
import { authenticated, type FieldRule, type Permissions } from './permissions.ts'

const IMPORTS = [
  '@key',
  '@shareable',
  '@external',
  '@requires',
  '@provides',
  '@inaccessible',
  '@authenticated',
  '@requiresScopes',
  '@cost',
  '@listSize',
]

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${IMPORTS.map((name) => `"${name}"`).join(', ')}])`

const text = (value: string) => ({ kind: Kind.STRING, value }) as const

function ruleDirective({ anyOf }: FieldRule): ConstDirectiveNode {
  if (anyOf.length === 0) return { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'authenticated' } }
  const scopes: ConstListValueNode = {
    kind: Kind.LIST,
    values: anyOf.map((all) => ({ kind: Kind.LIST, values: all.map(text) })),
  }
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'requiresScopes' },
    arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'scopes' }, value: scopes }],
  }
}

/** The contract that vendors read has no directives: the scopes stand in the words as well. */
function withScopes(description: StringValueNode | undefined, { anyOf }: FieldRule): StringValueNode | undefined {
  if (!description || anyOf.length === 0) return description
  const scopes = anyOf.map((all) => all.map((scope) => `\`${scope}\``).join(' and ')).join(', or ')
  return { ...description, value: `${description.value}\n\nScope: ${scopes}.`, block: true }
}

/** Writes the rule of every field into the SDL. A field that no rule names stops the build. */
export function withRules(sdl: string, permissions: Permissions): string {
  const missing: string[] = []
  const document: DocumentNode = visit(parse(sdl), {
    SchemaDefinition: () => null,
    DirectiveDefinition: () => null,
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: type.fields?.map((field) => {
        const rule = permissions[type.name.value]?.[field.name.value]
        if (!rule) missing.push(`${type.name.value}.${field.name.value}`)
        return {
          ...field,
          description: withScopes(field.description, rule ?? authenticated),
          directives: [...(field.directives ?? []), ruleDirective(rule ?? authenticated)],
        }
      }),
    }),
  })
  if (missing.length > 0) throw new Error(`permissions.ts names no rule for: ${missing.join(', ')}`)
  return `${LINK}\n\n${print(document)}`
}
