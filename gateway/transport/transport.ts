// How the gateway speaks to a subgraph, whether it lives in this process or behind HTTP.
import type { SubgraphName, SubgraphRequest } from '../../subgraphs/kernel/subgraph.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'

/** One fault of a subgraph's answer, already masked: plain data that may be shown. */
export interface SubgraphFault {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** What an operation has read or written in a subgraph. For the audit alone; never sent to the caller. */
export interface TouchedRecords {
  readonly schools: readonly string[]
  readonly students: readonly string[]
}

export interface BytesRequest {
  /** A whole request, as JSON. */
  readonly body: string
  readonly isRead: boolean
}

export interface BytesAnswer {
  readonly bytes: Buffer
  /** What `execute` would have answered; throws where that would have rejected, because the bytes are nonsense. */
  read(): SubgraphAnswer
}

export interface SubgraphAnswer {
  /** Handed over: whoever receives it may change it. */
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly SubgraphFault[]
  readonly extensions?: { readonly touched?: TouchedRecords }
}

/** `Caller`: for whom. The platform's subgraphs are told of a viewer, foreign ones of nobody. */
export interface SubgraphTransport<Caller = Viewer> {
  /**
   * Sends one fetch. `caller` is the same object for all fetches of one operation. Rejects with a `PlatformError` when the
   * subgraph cannot be reached in time or answers nonsense.
   */
  execute(request: SubgraphRequest, caller: Caller, signal: AbortSignal): Promise<SubgraphAnswer>
  /** The same, and the answer as it came. Not for every way: in this process nothing comes as bytes. */
  fetchBytes?(request: BytesRequest, caller: Caller, signal: AbortSignal): Promise<BytesAnswer>
  close(): Promise<void>
}

/** `gateway` is the part of the contract that the gateway answers itself. */
export type SubgraphTransports = Readonly<Partial<Record<SubgraphName | 'gateway', SubgraphTransport>>>
