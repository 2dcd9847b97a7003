// What the benchmarks share: CPU time from the operating system, load over kept connections, medians of interleaved rounds.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { loadavg } from 'node:os'
import { Client } from 'pg'

/** Clock ticks of /proc are hundredths of a second on every Linux that node runs on. */
const MS_PER_TICK = 10

/** CPU milliseconds that a process has used so far, its threads included. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
      } catch {
        return false
      }
    })
}

/** CPU milliseconds of a database server: its backends of now, and those that have ended since it started. */
export function serverCpu(postmaster: number): number {
  const stat = readFileSync(`/proc/${postmaster}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ended = (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK
  return childrenOf(postmaster).reduce((sum, pid) => sum + cpuOf(pid), cpuOf(postmaster) + ended)
}

export const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!

export interface Target {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export function send(agent: Agent, { url, method, headers, body }: Target): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        agent,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Sends `count` requests over `connections` kept connections; answers the milliseconds each took. */
export async function load(target: Target, count: number, connections: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const taken: number[] = []
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const began = performance.now()
      const { status } = await send(agent, target)
      if (status !== 200) throw new Error(`${target.url} answered ${status}`)
      taken.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return taken
}

/** Starts a node program of ours and waits for the line that says it is ready. */
export async function startNode(
  script: URL,
  environment: Record<string, string>,
  ready: string,
  args: readonly string[] = [],
): Promise<{ child: ChildProcess; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--import', './platform/typescript.js', script.pathname, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes(ready)) resolve()
    })
    void ended.then(() => reject(new Error(`${script.pathname} ended:\n${output}`)))
  })
  return {
    child,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows)
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
    )
}

export const machineLoad = (): string =>
  `load average ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`

/** What is measured is the work, not the waiting for a budget. To be called before the first operation. */
export async function liftBudgets(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `insert into access.cost_budget (party, bucket, operation_class, capacity, restore_rate, reason)
       select null, bucket, class, 1000000000, 1000000000, 'benchmark'
       from unnest(array['PARTY', 'SCHOOL']) as bucket, unnest(array['READ', 'WRITE', 'REPORT']) as class
       on conflict do nothing`,
    )
  } finally {
    await client.end()
  }
}

/** What we are measured beside has packages of its own, which the root does not install: `npm run bench:peers`. */
export const PEERS = new URL('peers/', import.meta.url)
export const peersAreInstalled = (): boolean => existsSync(new URL('node_modules', PEERS))
