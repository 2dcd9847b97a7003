// Where the platform listens, under which address callers reach it, and what is told when that address cannot be had.
import { once } from 'node:events'
import { createServer, isIPv6 } from 'node:net'
import type { Config } from './config.ts'

const EVERY_INTERFACE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }

export function publicUrlOf({ publicUrl, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  return publicUrl ?? `http://${EVERY_INTERFACE[host] ?? (isIPv6(host) ? `[${host}]` : host)}:${port}`
}

const AS_VARIABLE = (port: number): string => `PORT=${port} npm start`

/** Why nobody can listen there, and the way out. Anything else passes unchanged. */
export function explainListening(
  error: unknown,
  { host, port }: Pick<Config, 'host' | 'port'>,
  commandWith: (port: number) => string = AS_VARIABLE,
): unknown {
  const another = port + 100 <= 65_535 ? port + 100 : 4000
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new Error(`Port ${port} is taken. Choose another one: ${commandWith(another)}`, { cause: error })
    case 'EACCES':
      return new Error(`Port ${port} may not be opened by this user. Choose one above 1023: ${commandWith(4000)}`, {
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new Error(`HOST: ${host} is no address of this machine. Without HOST the platform listens on 127.0.0.1.`, {
        cause: error,
      })
    default:
      return error
  }
}

/** Asked before anything else: who starts a second time learns it at once, not after a database has been made and filled. */
export async function assertCanListen(address: Pick<Config, 'host' | 'port'>): Promise<void> {
  const probe = createServer()
  try {
    probe.listen(address.port, address.host)
    await once(probe, 'listening')
  } catch (error) {
    throw explainListening(error, address)
  } finally {
    await new Promise((closed) => probe.close(closed))
  }
}
