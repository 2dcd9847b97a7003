// A way to a subgraph that hands its answer over as it came.
import type { GraphQLDataSource } from '@apollo/gateway'

export interface BytesRequest {
  /** A whole request of GraphQL over HTTP. */
  readonly body: string
  readonly isRead: boolean
  /** What the operation gave to the executor. */
  readonly context: unknown
}

export interface BytesAnswer {
  readonly bytes: Buffer
  /** Told once, and only where `read` is not called: what stands beside `data`. */
  noteExtensions(extensions: unknown): void
  /** The answer as `process` would have given it; throws as it would. */
  read(): Awaited<ReturnType<GraphQLDataSource['process']>>
}

export interface BytesSource extends GraphQLDataSource {
  fetchBytes(request: BytesRequest): Promise<BytesAnswer>
}

export const givesBytes = (source: GraphQLDataSource | undefined): source is BytesSource =>
  source !== undefined && 'fetchBytes' in source
