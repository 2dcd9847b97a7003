// The cable between the gateway and the database, which a test can cut, block and mend.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Cable {
  /** The same database by way of the cable. */
  readonly url: string
  /** Every connection breaks, and no new one is taken. */
  cut(): Promise<void>
  /** Connections stay, and nothing travels on them any more. */
  block(): void
  /** What the database says stays in the cable, until it is handed over piece by piece or all that comes. */
  hold(): void
  held(): string
  handOver(): void
  release(): void
  mend(): Promise<void>
  close(): Promise<void>
}

export async function layCable(databaseUrl: string): Promise<Cable> {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl)
  const host = decodeURIComponent(hostname)
  const sockets = new Set<Socket>()
  let blocked = false
  let holding = false
  let pieces: { readonly to: Socket; readonly piece: Buffer }[] = []

  const server = createServer((near) => {
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(Number(port), host)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (piece: Buffer) => {
        if (holding && from === far) pieces.push({ to, piece })
        else if (!blocked) to.write(piece)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  const listen = (at: number): Promise<void> => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    const stopped = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await stopped
  }
  const handOver = (): void => {
    for (const { to, piece } of pieces) to.write(piece)
    pieces = []
  }
  await listen(0)
  const { port: own } = server.address() as AddressInfo

  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${own}${pathname}?sslmode=disable`,
    cut: stop,
    block: () => void (blocked = true),
    hold: () => void (holding = true),
    held: () => pieces.map(({ piece }) => piece.toString('latin1')).join(''),
    handOver,
    release: () => {
      holding = false
      handOver()
    },
    mend: async () => {
      blocked = false
      if (!server.listening) await listen(own)
    },
    close: stop,
  }
}
