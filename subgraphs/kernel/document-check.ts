// The port through which identity has a document judged before it is registered: the gateway's own checks, brought by the composition root.
import type { ErrorCode } from './errors.ts'

export interface DocumentFault {
  readonly code: ErrorCode
  readonly message: string
  readonly messageVi: string
}

/** What can be told of a document before anybody has sent its variables. */
export type CheckedDocument =
  | {
      readonly ok: true
      /** Names of its operations; one without a name is not in it. */
      readonly names: readonly string[]
      /** The scopes that every operation in it needs together, by the shortest way. */
      readonly neededScopes: readonly string[]
      /** Of the deepest operation. */
      readonly depth: number
      /** Of the dearest operation by the defaults of its variables, else of the contract; null where they do not tell it. */
      readonly cost: number | null
    }
  | { readonly ok: false; readonly fault: DocumentFault }

export type CheckDocument = (text: string) => CheckedDocument
