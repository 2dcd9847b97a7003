// `npm run gateway:bare` as a person types it: what it is told, what it tells, how it reads its file again, how it ends.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readBareOptions, Told, USAGE } from '../../platform/gateway-bare-options.ts'
import { openShop, type Shop } from '../gateway/support/foreign.ts'
import { freePort, ROOT } from '../testkit/process.ts'

let shop: Shop
let folder: string
let file: string

beforeAll(async () => {
  shop = await openShop()
  folder = await mkdtemp(join(tmpdir(), 'lienthong-bare-'))
  file = join(folder, 'supergraph.graphql')
})
afterAll(async () => {
  await shop.close()
  await rm(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  printed(): string
  untilPrinted(text: string, from?: number): Promise<void>
  readonly ended: Promise<number | null>
}

const running = new Set<ChildProcess>()
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
})

async function start(args: readonly string[]): Promise<Started> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const [program, ...rest] = scripts['gateway:bare']!.split(' ')
  const child = spawn(program!, [...rest, ...args], {
    cwd: ROOT,
    env: {
      PATH: `${join(ROOT, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.HOME ?? '/',
    },
    // Over its channel it learns that a test run was killed, and ends.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  running.add(child)
  let output = ''
  const looking = new Set<() => void>()
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of looking) look()
    })
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  return {
    child,
    printed: () => output,
    untilPrinted: (text, from = 0) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (output.includes(text, from) && resolve())
        looking.add(look)
        look()
        void ended.then(() => reject(new Error(`it ended without printing ${text}:\n${output}`)))
      }),
    ended,
  }
}

async function failed(args: readonly string[]): Promise<{ code: number | null; printed: string }> {
  const started = await start(args)
  return { code: await started.ended, printed: started.printed() }
}

describe('its flags', () => {
  test('have defaults, but for the file', () => {
    expect(readBareOptions(['--supergraph', 'a.graphql'])).toEqual({
      supergraph: 'a.graphql',
      port: 4000,
      host: '127.0.0.1',
      timeout: 30_000,
      logLevel: 'warn',
    })
  })

  test.each([
    [[], /--supergraph names the file/],
    [['--supergraph', 'a', '--port', '65536'], /--port must be a whole number, 0 to 65535/],
    [['--supergraph', 'a', '--port', '0x50'], /--port must be/],
    [['--supergraph', 'a', '--host', '0.0.0.0'], /--host must be 127.0.0.1, ::1 or localhost.*npm start/],
    [['--supergraph', 'a', '--timeout', '0'], /--timeout must be/],
    [['--supergraph', 'a', '--log-level', 'loud'], /--log-level must be/],
    [['--supergraph'], /--supergraph/],
    [['--supergraf', 'a'], /--supergraf/],
    [['a.graphql'], /a\.graphql/],
  ] as const)('%j is refused, with the way out', (args, reason) => {
    expect(() => readBareOptions(args)).toThrow(reason)
    expect(() => readBareOptions(args)).toThrow(USAGE)
  })

  test('every fault is told at once', () => {
    expect(() => readBareOptions(['--port', 'x', '--host', 'y'])).toThrow(/--supergraph [^]*--port [^]*--host /)
  })

  test('--help is no fault', () => {
    expect(() => readBareOptions(['--help', '--port', 'x'])).toThrow(new Told(USAGE, true))
  })
})

describe('the command', () => {
  test('--help shows how it is used and ends well', async () => {
    expect(await failed(['--help'])).toEqual({ code: 0, printed: USAGE })
  })

  test('a file that is not there, or is no supergraph, is told in one line', async () => {
    await writeFile(file, 'type {')
    const [missing, wrong] = await Promise.all([
      failed(['--supergraph', join(folder, 'nothing.graphql')]),
      failed(['--supergraph', file, '--port', '0']),
    ])
    expect(missing).toEqual({ code: 1, printed: `${join(folder, 'nothing.graphql')} cannot be read: there is no such file.\n` })
    expect(wrong.code).toBe(1)
    expect(wrong.printed).toMatch(/^\S+ cannot be served: it is no GraphQL: .*Line 1, column 6\.\n$/)
  })

  test('a port that is taken is told, with another one', async () => {
    await writeFile(file, shop.supergraphSdl)
    const port = await freePort()
    const taker: Server = createServer().listen(port, '127.0.0.1')
    await once(taker, 'listening')
    const { code, printed } = await failed(['--supergraph', file, '--port', String(port)])
    taker.close()
    expect([code, printed]).toEqual([1, `Port ${port} is taken. Choose another one: --port ${port + 100}\n`])
  })

  test('serves, reads its file again when it changes and on SIGHUP, keeps what it has when that is nonsense, and ends in order', async () => {
    await writeFile(file, shop.supergraphSdl)
    const gateway = await start(['--supergraph', file, '--port', '0'])
    await gateway.untilPrinted('for this machine only')
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(gateway.printed())!
    const ask = async (field: string): Promise<string> => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ me { ${field} } }` }),
      })
      return response.text()
    }
    expect(await ask('nick')).toBe('{"data":{"me":{"nick":"Lan"}}}')
    expect(await ask('old')).toBe('{"data":{"me":{"old":17}}}')

    // As an editor saves: another file in its place.
    const narrower = shop.compose((name, sdl) => (name === 'stock' ? sdl.replace('old: Int', '') : sdl))
    await writeFile(`${file}.new`, narrower)
    await rename(`${file}.new`, file)
    await gateway.untilPrinted('was read again')
    expect(await ask('old')).toContain('GRAPHQL_VALIDATION_FAILED')

    await writeFile(file, 'type {')
    await gateway.untilPrinted('The supergraph read before is served on.')
    expect(await ask('nick')).toBe('{"data":{"me":{"nick":"Lan"}}}')

    await writeFile(file, shop.supergraphSdl)
    await gateway.untilPrinted('was read again', gateway.printed().indexOf('served on'))
    expect(await ask('old')).toBe('{"data":{"me":{"old":17}}}')
    const from = gateway.printed().length
    gateway.child.kill('SIGHUP')
    await gateway.untilPrinted('was read again', from)

    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    await expect(ask('nick')).rejects.toThrow()
  })
})
