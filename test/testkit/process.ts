// The platform as a person starts it: processes of its own, with a data folder and a port, looked at from outside.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, vi } from 'vitest'
import type { Sandbox } from '../../platform/sandbox/parties.ts'
import { createClient, type Client } from '../../sdk/client.ts'
import { createTokenSource, type TokenSource } from '../../sdk/token-source.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What `npm start` runs, without npm and its shell. */
const START = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts.start!.split(' ')

// npm is run by the Node it was installed with or by ours; either way as the script that npm itself names, if it runs the tests.
const NPM_START = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath, 'start'] : ['npm', 'start']

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface StartOptions {
  readonly dataDir: string
  readonly port: number
  readonly environment?: Readonly<Record<string, string>>
  /** Through `npm start`, with npm and its shell around it. */
  readonly npm?: boolean
  /** Another operating-system account. */
  readonly account?: { readonly uid: number; readonly gid: number }
  /** Another clone than this one. */
  readonly root?: string
}

export interface PlatformProcess {
  readonly child: ChildProcess
  readonly url: string
  readonly dataDir: string
  /** What it wrote into sandbox.json. */
  sandbox(): Sandbox
  /** Everything printed so far. */
  printed(): string
  /** Resolves when the text stands among what was printed, looked for from a place on; rejects when the platform ends without it. */
  untilPrinted(text: string, from?: number): Promise<void>
  ready(): Promise<void>
  readonly ended: Promise<Ended>
  /** Sends the signal to what was started, and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<Ended>
  /** The Node process that is the platform, beneath npm, shells and launchers. */
  platformPid(): number
  tokenSource(clientId: string): Promise<TokenSource>
  client(clientId: string): Promise<Client>
}

const running = new Set<PlatformProcess>()

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

export function startProcess({
  dataDir,
  port,
  environment = {},
  npm = false,
  account,
  root = ROOT,
}: StartOptions): PlatformProcess {
  const [program, ...args] = npm ? NPM_START : START
  const child = spawn(program!, args, {
    cwd: root,
    env: {
      // Nothing of the test run's own environment, but where programs are found; and the clock of the tests, unless npm runs us:
      // its Node may be one that cannot read the clock's file.
      PATH: `${join(root, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.HOME ?? '/',
      ...(npm
        ? {}
        : {
            NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'test/testkit/shifted-clock.ts')).href}`,
            LT_TEST_CLOCK_BEGAN: process.env.LT_TEST_CLOCK_BEGAN,
          }),
      DATA_DIR: dataDir,
      PORT: String(port),
      ...environment,
    },
    // A process group of its own, as a terminal gives it.
    detached: true,
    // Over its channel a platform learns that a test run was killed, and ends.
    stdio: ['ignore', 'pipe', 'pipe', ...(npm ? [] : ['ipc' as const])],
    ...account,
  })
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of waiting) look()
    })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended)
  const untilPrinted = (text: string, from = 0): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!output.includes(text, from)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void ended.then((how) => reject(new Error(`it ended (${how.signal ?? how.code}) without printing ${text}:\n${output}`)))
    })
  const sandbox = (): Sandbox => JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8')) as Sandbox
  const tokenSource = async (clientId: string): Promise<TokenSource> => {
    const { parties, tokenEndpoint, issuer } = sandbox()
    const { privateKeyFile } = parties.find((party) => party.clientId === clientId)!
    return createTokenSource({ tokenEndpoint, issuer, clientId, privateKey: readFileSync(join(dataDir, privateKeyFile), 'utf8') })
  }
  const started: PlatformProcess = {
    child,
    url: `http://127.0.0.1:${port}`,
    dataDir,
    sandbox,
    printed: () => output,
    untilPrinted,
    ready: () => untilPrinted('Liên Thông đã sẵn sàng'),
    ended,
    end: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
    platformPid: () => {
      let pid = child.pid!
      for (;;) {
        const node = processTable().find(({ parent, command }) => parent === pid && command.includes(START.at(-1)!))
        if (!node) return pid
        pid = node.pid
      }
    },
    tokenSource,
    client: async (clientId) =>
      createClient({ endpoint: `http://127.0.0.1:${port}/graphql`, token: await tokenSource(clientId), retries: 0 }),
  }
  running.add(started)
  void ended.then(() => running.delete(started))
  return started
}

/** Kills what a failed test left; the databases end by themselves then. */
export async function killAll(): Promise<void> {
  const left = [...running]
  for (const { child } of left)
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  await Promise.all(left.map(({ ended }) => ended))
}

interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function processTable(): ProcessRow[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return { pid: Number(pid), parent: Number(parent), command: command ?? '' }
    })
}

/** Every process of a platform on this folder: Node carries the folder in its environment, PostgreSQL stands in it or names it. */
export async function processesOf(dataDir: string): Promise<string[]> {
  const found: string[] = []
  for (const { pid, command } of processTable()) {
    const stands = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    const names = environmentOf(pid).includes(`\0DATA_DIR=${dataDir}\0`) || command.includes(`-D ${dataDir}/`)
    if (names || stands.startsWith(`${dataDir}/`)) found.push(`${pid} ${command}`)
  }
  return found
}

function environmentOf(pid: number): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`
  } catch {
    return ''
  }
}

/** The claim of every end: whatever the way, in a few seconds nothing of the platform runs. */
export async function expectNothingLeft(dataDir: string): Promise<void> {
  await vi.waitFor(async () => expect(await processesOf(dataDir)).toEqual([]), { interval: 50, timeout: 15_000 })
}
