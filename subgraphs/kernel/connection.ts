// Relay connections with keyset cursors: opaque, signed, and bound to the viewer and the filter they were made for.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ArgsType, Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql'
import type { SubgraphContext } from './context.ts'
import { PlatformError } from './errors.ts'
import { authenticated, fields, type TypeRules } from './permissions.ts'

export const PAGE_SIZE_MAX = 1_000
export const PAGE_SIZE_DEFAULT = 50

@ObjectType({ simpleResolvers: true, description: 'Where a page stands in its list (Relay). Pages go forward only.' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether another page follows.' })
  hasNextPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the last record; pass it as `after`.' })
  endCursor!: string | null
}

export const pageInfoRules: TypeRules = fields(authenticated, 'hasNextPage', 'endCursor')

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: PAGE_SIZE_DEFAULT, description: `Records a page, 1 to ${PAGE_SIZE_MAX}.` })
  first!: number

  @Field(() => String, { nullable: true, description: '`endCursor` of the page before. Bound to the caller and the filter.' })
  after?: string | null
}

export interface Edge<T> {
  cursor: string
  node: T
}

export interface Connection<T> {
  edges: Edge<T>[]
  nodes: T[]
  pageInfo: PageInfo
}

/** Declares `<Name>Connection` and `<Name>Edge` for a contract type; shared, where several subgraphs have lists of it. */
export function connectionOf<T extends object>(
  name: string,
  nodeType: () => ClassType<T>,
  { shared = false }: { readonly shared?: boolean } = {},
): ClassType<Connection<T>> {
  const directives: ClassDecorator = shared ? Directive('@shareable') : () => undefined

  @directives
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${name} of a page.` })
  class EdgeType implements Edge<T> {
    @Field(() => String, { description: 'Cursor of this record.' })
    cursor!: string

    @Field(() => nodeType(), { description: 'The record.' })
    node!: T
  }

  @directives
  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${name} records.` })
  class ConnectionType implements Connection<T> {
    @Field(() => [EdgeType], { description: 'The records with their cursors.' })
    edges!: EdgeType[]

    @Field(() => [nodeType()], { description: 'The records alone.' })
    nodes!: T[]

    @Field(() => PageInfo, { description: 'Where the page stands.' })
    pageInfo!: PageInfo
  }
  return ConnectionType
}

/** The rules of a connection type: whoever may read the list may read its envelope. */
export function connectionRules(name: string): Record<string, TypeRules> {
  return {
    [`${name}Connection`]: fields(authenticated, 'edges', 'nodes', 'pageInfo'),
    [`${name}Edge`]: fields(authenticated, 'cursor', 'node'),
  }
}

/** Identity of a list: its name and its filter. Together with the viewer it is what a cursor is bound to. */
export type ListIdentity = readonly unknown[]

function signature(context: SubgraphContext, list: ListIdentity, position: string): Buffer {
  const { clientId, accountId } = context.viewer
  return createHmac('sha256', context.cursorKey)
    .update(JSON.stringify([clientId, accountId, list, position]))
    .digest()
    .subarray(0, 12)
}

function seal(context: SubgraphContext, list: ListIdentity, position: readonly unknown[]): string {
  const text = JSON.stringify(position)
  return Buffer.concat([signature(context, list, text), Buffer.from(text)]).toString('base64url')
}

export function openCursor(context: SubgraphContext, list: ListIdentity, cursor: string | null | undefined): unknown[] | null {
  if (cursor === null || cursor === undefined) return null
  const raw = Buffer.from(cursor, 'base64url')
  const text = raw.subarray(12).toString()
  if (raw.length < 14 || !timingSafeEqual(raw.subarray(0, 12), signature(context, list, text)))
    throw new PlatformError('CURSOR_INVALID')
  return JSON.parse(text) as unknown[]
}

export function assertPageSize(first: number): void {
  if (first < 1 || first > PAGE_SIZE_MAX)
    throw new PlatformError('LIST_TOO_LONG', {
      message: `A page has 1 to ${PAGE_SIZE_MAX} records; ${first} were asked for.`,
      messageVi: `Mỗi trang có từ 1 đến ${PAGE_SIZE_MAX} bản ghi; yêu cầu ${first}.`,
    })
}

export interface PageRequest<R> {
  readonly list: ListIdentity
  readonly page: PageArgs
  /** The values the list is ordered by, the last of them unique. */
  readonly position: (row: R) => readonly unknown[]
  /** Reads `limit` rows after the position (null: from the start). */
  readonly read: (after: unknown[] | null, limit: number) => Promise<R[]>
}

/** Reads one page: one row more than asked tells whether another page follows. */
export async function readPage<R extends object>(
  context: SubgraphContext,
  { list, page, position, read }: PageRequest<R>,
): Promise<Connection<R>> {
  assertPageSize(page.first)
  const rows = await read(openCursor(context, list, page.after), page.first + 1)
  const nodes = rows.slice(0, page.first)
  const edges = nodes.map((node) => ({ node, cursor: seal(context, list, position(node)) }))
  return { edges, nodes, pageInfo: { hasNextPage: rows.length > page.first, endCursor: edges.at(-1)?.cursor ?? null } }
}
