// One POST, and the whole of its answer: undici's lowest way, without the stream between that nobody here would read as one.
import type { Dispatcher, Pool } from 'undici'

export interface Posting {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

export interface Posted {
  readonly statusCode: number
  readonly bytes: Buffer
}

/** Rejects with undici's own errors, or with the reason of the signal. How much is read, and for how long, the pool bounds. */
export function post(pool: Pool, { path, headers, body, signal }: Posting): Promise<Posted> {
  return new Promise((resolve, reject) => {
    let running: Dispatcher.DispatchController | undefined
    let statusCode = 0
    const chunks: Buffer[] = []

    const leave = (): void => {
      running?.abort(signal.reason as Error)
      reject(signal.reason as Error)
    }
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    const settled = (): void => signal.removeEventListener('abort', leave)

    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart(controller) {
          running = controller
          // It had to wait for a connection, and nobody waits for it any more.
          if (signal.aborted) controller.abort(signal.reason as Error)
        },
        onResponseStart(_controller, status) {
          statusCode = status
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          settled()
          resolve({ statusCode, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) })
        },
        onResponseError(_controller, error) {
          settled()
          reject(error)
        },
      },
    )
  })
}
