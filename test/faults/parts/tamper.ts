// A proxy between a gateway and a subgraph that hands answers on as they are, until it is told what to do to them.
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Tampered {
  /** The operation's, as the gateway told it. */
  readonly requestId: string
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Buffer
}

/** Answers in the place of the subgraph. Resolves when it has done what it wanted; `over` is aborted when the fault ends. */
export type Tamper = (answer: Tampered, response: ServerResponse, over: AbortSignal) => Promise<void>

export class TamperingProxy {
  readonly #server = createServer((incoming, response) => void this.#pass(incoming, response))
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly #target: number
  #tamper: Tamper | undefined
  #over = new AbortController()

  private constructor(target: number) {
    this.#target = target
    this.#server.keepAliveTimeout = 75_000
  }

  static async before(port: number): Promise<TamperingProxy> {
    const proxy = new TamperingProxy(port)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  begin(tamper: Tamper): void {
    this.#over = new AbortController()
    this.#tamper = tamper
  }

  end(): void {
    this.#tamper = undefined
    this.#over.abort()
  }

  async close(): Promise<void> {
    this.end()
    this.#agent.destroy()
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // A side that breaks, breaks the other: whoever waits learns it the way it would without us.
    response.on('error', () => undefined)
    try {
      const sent = await bodyOf(incoming)
      const answer = await this.#forward(incoming, sent, response)
      if (incoming.url !== '/graphql') return void response.writeHead(answer.status, headersOf(answer)).end(answer.body)
      const tamper = this.#tamper
      if (!tamper) return void response.writeHead(answer.status, headersOf(answer)).end(answer.body)
      await tamper(answer, response, this.#over.signal)
    } catch {
      response.socket?.resetAndDestroy()
    }
  }

  async #forward(incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<Tampered> {
    const { method, url, headers } = incoming
    const outgoing = request({
      host: '127.0.0.1',
      port: this.#target,
      agent: this.#agent,
      method,
      path: url,
      headers: { ...headers, 'content-length': String(body.length), connection: 'keep-alive' },
    })
    // A gateway that does not want the answer any more takes its question along.
    response.once('close', () => outgoing.destroy())
    outgoing.end(body)
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    return {
      requestId: String(headers['x-request-id']),
      status: answer.statusCode!,
      headers: answer.headers,
      body: await bodyOf(answer),
    }
  }
}

/** What belongs to one connection is not handed on. */
export function headersOf({ headers, body }: Tampered): NodeJS.Dict<string | string[]> {
  const { connection: _connection, 'transfer-encoding': _encoding, 'keep-alive': _keep, ...rest } = headers
  return { ...rest, 'content-length': String(body.length) }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}
