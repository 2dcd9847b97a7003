// Where the embedded server is reached: a private unix socket, or on Windows the loopback address.
import { createServer } from 'node:net'
import type { ServerAccount } from './account.ts'
import { SUPERUSER } from './data-directory.ts'
import { openSocketDirectory, removeSocketDirectory, SOCKET_PORT } from './socket-directory.ts'

export interface Listening {
  /** A folder that the server's account alone can read; undefined on Windows. */
  socketDir: string | undefined
  settings: Readonly<Record<string, string>>
  url(database: string, password: string): string
  close(): Promise<void>
}

export const prepareListening = (dataDir: string, account: ServerAccount): Promise<Listening> =>
  process.platform === 'win32' ? loopback() : unixSocket(dataDir, account)

async function unixSocket(dataDir: string, account: ServerAccount): Promise<Listening> {
  const socketDir = await openSocketDirectory(dataDir, account)
  return {
    socketDir,
    settings: {
      listen_addresses: '',
      port: String(SOCKET_PORT),
      // A list in the server's eyes: quoted, a folder's name may hold a comma.
      unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
      unix_socket_permissions: '0700',
    },
    url: (database, password) => urlOf(encodeURIComponent(socketDir), SOCKET_PORT, database, password),
    close: () => removeSocketDirectory(socketDir),
  }
}

async function loopback(): Promise<Listening> {
  const port = await freePort()
  return {
    socketDir: undefined,
    settings: { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' },
    url: (database, password) => urlOf('127.0.0.1', port, database, password),
    close: async () => undefined,
  }
}

/**
 * The socket's folder stands percent-encoded in the place of the host: node-postgres, MikroORM and libpq all read that,
 * `?host=` only some. The port is spelt out, so that PGPORT of the environment changes nothing; likewise sslmode for
 * PGSSLMODE, which MikroORM alone still heeds because it drops a URL's parameters.
 */
const urlOf = (host: string, port: number, database: string, password: string): string =>
  `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}?sslmode=disable`

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
