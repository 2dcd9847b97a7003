// Apollo's own lines, in our log.
import type { Logger } from 'pino'
import { withoutValues } from '../subgraphs/kernel/masking.ts'

/** Schemas and plans are no news at our levels, and an error may quote what a caller sent. */
export function quietly(log: Logger) {
  return {
    debug: (message?: unknown) => log.trace(String(message)),
    info: (message?: unknown) => log.debug(String(message)),
    warn: (message?: unknown) => log.warn(withoutValues(String(message))),
    error: (message?: unknown) => log.error(withoutValues(String(message))),
  }
}
