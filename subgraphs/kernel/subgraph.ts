// What makes a subgraph: contract types, rules, storage and references in; SDL and an execute function out.
import 'reflect-metadata'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { applyMiddleware, type IMiddlewareGenerator } from './middleware.ts'
import { GraphQLError, parse, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql'
import type { Constructor, EntitySchema } from '@mikro-orm/core'
import type { Migration } from '@mikro-orm/migrations'
import { Loaders, Touched, type BatchLoad, type SchoolKey, type SubgraphContext } from './context.ts'
import type { Database } from './database.ts'
import type { CheckDocument } from './document-check.ts'
import { PlatformError } from './errors.ts'
import { nameRunningAct } from './idempotency.ts'
import { withRules } from './federation.ts'
import { DocumentMemory } from './document-memory.ts'
import type { CountExecution } from './execution/execute.ts'
import { evaluateFields, guardedOnly } from './operation-rules.ts'
import { shieldTree, type Permissions } from './permissions.ts'
import { shield } from './shield.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from './subgraphs.ts'
import type { TenantGenerator } from './tenant.ts'
import { assertAdmitted, type Viewer } from './viewer.ts'

export { SUBGRAPH_NAMES, type SubgraphName }

type Reference = Readonly<Record<string, string>>

/** How `_entities` finds an entity from the fields of its `@key`: always through a loader, so that 150 references are one query. */
export type ReferenceResolver = (reference: Reference, context: SubgraphContext) => Promise<object | null>

/** `@key(fields: "schoolId id")` */
export function bySchoolKey(batch: BatchLoad<SchoolKey, object | null>): ReferenceResolver {
  return ({ schoolId, id }, context) => context.loaders.of(batch).load({ schoolId: schoolId!, id: id! })
}

/** `@key` of one field. */
export function byField(field: string, batch: BatchLoad<string, object | null>): ReferenceResolver {
  return (reference, context) => context.loaders.of(batch).load(reference[field]!)
}

/** A type that another subgraph owns: this one only hangs fields on it, so the reference itself is the record. */
export const extended: ReferenceResolver = (reference) => Promise.resolve(reference)

/** A subgraph as the platform composes it: what it says, what it stores, how its storage came to be. */
export interface SubgraphModule {
  readonly definition: SubgraphDefinition
  readonly entities: readonly EntitySchema[]
  readonly migrations: Readonly<Record<string, Constructor<Migration>>>
}

export interface SubgraphDefinition {
  readonly name: SubgraphName
  readonly resolvers: NonEmptyArray<Function>
  /** Contract classes that belong to this subgraph but are reached only through references. */
  readonly orphanedTypes: readonly Function[]
  readonly permissions: Permissions
  readonly references: Readonly<Record<string, ReferenceResolver>>
}

export interface SubgraphRequest {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Record<string, unknown> | null
}

export interface SubgraphDependencies {
  readonly database: Database
  readonly now: () => Date
  readonly cursorKey: string
  readonly tenants?: TenantGenerator | undefined
  readonly checkDocument?: CheckDocument | undefined
  readonly countExecution?: CountExecution | undefined
}

export interface Subgraph {
  readonly name: SubgraphName
  readonly schema: GraphQLSchema
  readonly sdl: string
  readonly database: Database
  execute(request: SubgraphRequest, viewer: Viewer): Promise<ExecutionResult>
}

/** SDL and executable schema of a subgraph, without a database: what composition and the contract need. */
export function buildSubgraph(definition: SubgraphDefinition): { sdl: string; schema: GraphQLSchema } {
  const contract = buildSchemaSync({
    resolvers: definition.resolvers,
    orphanedTypes: [...definition.orphanedTypes],
    validate: false,
    skipCheck: true,
  })
  const sdl = withRules(printSchemaWithDirectives(contract), definition.permissions)
  const resolvers = createResolversMap(contract) as Record<string, Record<string, unknown>>
  for (const [typeName, resolve] of Object.entries(definition.references))
    resolvers[typeName] = { ...resolvers[typeName], __resolveReference: resolve }
  return { sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]) }
}

/** Every mutation says its response name before it runs, for the keyed answers of `once`. */
function nameActs(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field
    if (!resolve) continue
    field.resolve = (parent, args, context: SubgraphContext, info) => {
      nameRunningAct(context, String(info.path.key))
      return resolve(parent, args, context, info)
    }
  }
}

export function createSubgraph(
  definition: SubgraphDefinition,
  { database, now, cursorKey, tenants, checkDocument, countExecution }: SubgraphDependencies,
): Subgraph {
  const { sdl, schema } = buildSubgraph(definition)
  const tree = shieldTree(definition.permissions)
  const generator = shield(tree, {
    allowExternalErrors: true,
    fallbackError: new PlatformError('ACT_FORBIDDEN'),
  }) as unknown as IMiddlewareGenerator
  const guarded = applyMiddleware(schema, guardedOnly(generator, schema))
  nameActs(guarded)
  const documents = new DocumentMemory(guarded, countExecution)

  return {
    name: definition.name,
    schema: guarded,
    sdl,
    database,
    async execute({ query, operationName, variables }, viewer) {
      const touched = new Touched()
      const context: SubgraphContext = {
        viewer,
        database,
        touched,
        now,
        cursorKey,
        tenants,
        checkDocument,
        loaders: new Loaders(() => context),
      }
      try {
        assertAdmitted(viewer)
        const { fields, execute } = documents.read(query)
        await evaluateFields(tree, fields, context)
        const result = await execute({ operationName, variables, context })
        return { ...result, extensions: { touched: { schools: [...touched.schools], students: [...touched.students] } } }
      } catch (error) {
        if (error instanceof GraphQLError) return { errors: [error] }
        throw error
      }
    },
  }
}
