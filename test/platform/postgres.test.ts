// The embedded PostgreSQL keeps its promises to whoever starts it: data kept, nobody else let in, no process left behind.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { run, serverAccount } from '../../platform/postgres/account.ts'
import { packagedBinaries, usableBinaries } from '../../platform/postgres/binaries.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../platform/postgres/embedded.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const PASSWORD = `mật khẩu: p@ss/w'ord?`

/** Stands for the clone's `var/`; any account may enter it. */
let base: string
/** One database that most stories share, one after the other. */
let home: string
const started: EmbeddedPostgres[] = []
const platforms: ChildProcess[] = []

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lienthong-test-'))
  await chmod(base, 0o755)
  home = join(base, 'dữ liệu', 'post gres')
})

afterEach(async () => {
  for (const platform of platforms.splice(0)) platform.kill('SIGKILL')
  for (const database of started.splice(0)) await database.stop()
})

afterAll(async () => {
  await vi.waitFor(async () => expect(await processesIn(base)).toEqual([]), { timeout: 10_000 })
  await rm(base, { recursive: true, force: true })
})

async function start(dataDir = home, more: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, superuserPassword: PASSWORD, settings: { fsync: 'off' }, ...more })
  started.push(database)
  return database
}

async function ask(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A platform of its own process, so that it can be killed; its database answers when this resolves. */
async function startPlatform(dataDir = home): Promise<{ process: ChildProcess; postmaster: number; watchdogs: number[] }> {
  const module = new URL('../../platform/postgres/embedded.ts', import.meta.url).href
  const options = JSON.stringify({ dataDir, superuserPassword: PASSWORD, settings: { fsync: 'off' } })
  const script = `const { startEmbeddedPostgres } = await import('${module}'); console.log((await startEmbeddedPostgres(${options})).pid)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint += chunk))
  platforms.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const postmaster = Number(line)
    const watchdogs = childrenOf(child.pid ?? 0).filter((pid) => pid !== postmaster)
    return { process: child, postmaster, watchdogs }
  }
  throw new Error(`the platform ended before its database was ready: ${complaint}`)
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}

function childrenOf(parent: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return table.map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([pid, ppid]) => (pid && ppid === parent ? [pid] : []))
}

/** Everything that works inside a folder: servers, their children, watchdogs and initdb stand there or name it. */
async function processesIn(folder: string): Promise<string[]> {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const found: string[] = []
  for (const line of table) {
    const pid = line.trim().split(' ')[0]
    const stands = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (stands.startsWith(folder) || line.includes(`-D ${folder}`)) found.push(line)
  }
  return found
}

describe('the data', () => {
  test('a second start finds what the first one committed', async () => {
    const first = await start()
    await ask(first.connectionUrl(), 'create table pupil as select $$Đỗ Thị Ánh$$ as name')
    await first.stop()
    const second = await start()
    expect(await ask(second.connectionUrl(), 'select name from pupil')).toEqual([['Đỗ Thị Ánh']])
  })

  test('the database speaks UTF-8, folds Vietnamese letters and can order Vietnamese names', async () => {
    const { connectionUrl } = await start()
    const ordered = `select array_agg(n order by n collate "vi-x-icu") from unnest(array['Đan','Ân','Dũng','An','Ăn','Ánh']) n`
    expect(await ask(connectionUrl(), `select current_setting('server_encoding'), upper('đỗ ánh'), (${ordered})`)).toEqual([
      ['UTF8', 'ĐỖ ÁNH', ['An', 'Ánh', 'Ăn', 'Ân', 'Dũng', 'Đan']],
    ])
  })

  test('what is acknowledged is on the disk unless the caller says otherwise', async () => {
    const durable = await start(home, { settings: {} })
    expect(await ask(durable.connectionUrl(), `select current_setting('fsync'), current_setting('synchronous_commit')`)).toEqual([
      ['on', 'on'],
    ])
    await durable.stop()
    const fleeting = await start(home, { settings: { fsync: 'off' } })
    expect(await ask(fleeting.connectionUrl(), `select current_setting('fsync')`)).toEqual([['off']])
  })

  test('a platform killed while it creates its database leaves no half database', async () => {
    const folder = join(base, 'interrupted')
    await mkdir(folder)
    const dataDir = join(folder, 'postgres')
    void startPlatform(dataDir).catch(() => undefined)
    await expect.poll(() => readdir(folder), { interval: 5, timeout: 30_000 }).toContainEqual(expect.stringContaining('initdb'))
    await sleep(100)
    await killed(platforms[0]!)
    expect(await readdir(folder)).not.toContain('postgres')
    const database = await start(dataDir)
    expect(await ask(database.connectionUrl(), 'select 1')).toEqual([[1]])
    await database.stop()
    expect(await readdir(folder)).toEqual(['postgres'])
  })
})

describe('the door', () => {
  test('only a private unix socket leads in, no network port', async () => {
    const database = await start()
    expect(await ask(database.connectionUrl(), `select current_setting('listen_addresses'), inet_server_addr()`)).toEqual([
      ['', null],
    ])
    expect((await stat(database.socketDir!)).mode & 0o777).toBe(0o700)
  })

  test('the superuser comes in by password, and not with another', async () => {
    const { connectionUrl } = await start()
    expect(await ask(connectionUrl(), 'select current_user')).toEqual([['lienthong']])
    const forged = new URL(connectionUrl())
    forged.password = 'guess'
    await expect(ask(forged.href, 'select 1')).rejects.toThrow('password authentication failed')
    forged.password = ''
    await expect(ask(forged.href, 'select 1')).rejects.toThrow('password')
  })

  test('a caller may tune the server but not open it', async () => {
    const tuned = await start(home, { settings: { fsync: 'off', work_mem: '8MB' } })
    expect(await ask(tuned.connectionUrl(), 'show work_mem')).toEqual([['8MB']])
    await tuned.stop()
    for (const name of ['listen_addresses', 'hba_file', 'port', 'x" -c y']) {
      await expect(start(home, { settings: { [name]: '*' } })).rejects.toThrow(name)
    }
  })

  test('the server log holds none of the data a failing statement was given', async () => {
    const lines: string[] = []
    const database = await start(home, { log: (line) => lines.push(line) })
    await expect(ask(database.connectionUrl(), `select 'Nguyễn Văn An'::int`)).rejects.toThrow('Nguyễn Văn An')
    await database.stop()
    expect(lines.join('\n')).toContain('ready to accept connections')
    expect(lines.join('\n')).not.toContain('Nguyễn')
  })
})

describe('the end', () => {
  test('stop leaves no process, no socket and no lock, and may be called twice', async () => {
    const database = await start()
    expect(await processesIn(home)).not.toEqual([])
    await Promise.all([database.stop(), database.stop()])
    await database.stop()
    expect(await processesIn(home)).toEqual([])
    await expect(stat(database.socketDir!)).rejects.toThrow('ENOENT')
    expect(await readdir(join(home, '..'))).toEqual(['post gres'])
  })

  test('a server that dies is reported, one that is stopped is not', async () => {
    const told: string[] = []
    const dying = await start()
    dying.onUnexpectedExit((error) => told.push(error.message))
    process.kill(dying.pid, 'SIGKILL')
    await expect.poll(() => told).toEqual([expect.stringContaining('SIGKILL')])
    await dying.stop()

    const again = await start()
    again.onUnexpectedExit((error) => told.push(error.message))
    expect(await ask(again.connectionUrl(), 'select name from pupil')).toEqual([['Đỗ Thị Ánh']])
    await again.stop()
    await sleep(20)
    expect(told).toHaveLength(1)
  })

  test('the database ends by itself when its platform is killed', async () => {
    const platform = await startPlatform()
    expect(await processesIn(home)).not.toEqual([])
    await killed(platform.process)
    await expect.poll(() => processesIn(home), { timeout: 10_000 }).toEqual([])
  })

  test('a start that fails leaves no process, says why, and frees the folder', async () => {
    const control = join(home, 'global', 'pg_control')
    const whole = await readFile(control)
    await truncate(control, 100)
    await expect(start()).rejects.toThrow(/did not start(.|\n)*pg_control/)
    await writeFile(control, whole)
    await expect(start(home, { settings: { shared_buffers: 'much' } })).rejects.toThrow(/did not start(.|\n)*shared_buffers/)
    await expect(start(home, { superuserPassword: 'another' })).rejects.toThrow('another superuser password')
    expect(await processesIn(base)).toEqual([])
    const mended = await start(home)
    expect(await ask(mended.connectionUrl(), 'select 1')).toEqual([[1]])
  })
})

describe('one platform per folder', () => {
  test('a second platform on a folder in use is refused and the first goes on', async () => {
    const first = await start()
    await expect(start()).rejects.toThrow('Another platform is running on this folder')
    await expect(startPlatform()).rejects.toThrow('Another platform is running on this folder')
    expect(await ask(first.connectionUrl(), 'select 1')).toEqual([[1]])
  })

  test('a server left behind by a killed platform is ended, and what it acknowledged is there', async () => {
    const platform = await startPlatform()
    for (const pid of platform.watchdogs) process.kill(pid, 'SIGKILL')
    await killed(platform.process)
    expect(await processesIn(home)).not.toEqual([])
    const healed = await start()
    expect(healed.pid).not.toBe(platform.postmaster)
    expect((await processesIn(home)).map((line) => Number.parseInt(line, 10))).not.toContain(platform.postmaster)
    expect(await ask(healed.connectionUrl(), 'select name from pupil')).toEqual([['Đỗ Thị Ánh']])
  })

  test('a lock whose process is gone, or whose number is now a stranger’s, holds nothing', async () => {
    await writeFile(`${home}.lock`, JSON.stringify({ pid: process.pid, birth: 'another time', token: 'x' }))
    await writeFile(join(home, 'postmaster.pid'), `${process.pid}\n${home}\n1\n5432\n/tmp\n\n\nready\n`)
    const database = await start()
    expect(await ask(database.connectionUrl(), 'select 1')).toEqual([[1]])
  })

  test('of ten starts at the same moment one holds the folder', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => start()))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('whose folder it is', () => {
  test('a folder with other things in it is refused and stays as it was', async () => {
    const foreign = join(base, 'foreign')
    await mkdir(foreign)
    await writeFile(join(foreign, 'thesis.txt'), 'years of work')
    await expect(start(foreign)).rejects.toThrow('holds no PostgreSQL database')
    await expect(start(join(foreign, 'thesis.txt'))).rejects.toThrow('is a file')
    expect(await readdir(foreign)).toEqual(['thesis.txt'])
    expect(await readdir(base)).not.toContain('foreign.lock')
  })

  test('a database of another major version is refused with the way out', async () => {
    const older = join(base, 'older')
    await mkdir(older)
    await writeFile(join(older, 'PG_VERSION'), '15\n')
    await expect(start(older)).rejects.toThrow(/made by PostgreSQL 15.*dump/)
    expect(await readFile(join(older, 'PG_VERSION'), 'utf8')).toBe('15\n')
  })

  test('a clone that only its owner may enter works, as root too', async () => {
    const secluded = join(base, 'root')
    await mkdir(secluded, { mode: 0o700 })
    const database = await start(join(secluded, 'var', 'postgres'))
    await ask(database.connectionUrl(), 'create table t as select 1 as one')
    await database.stop()
    const again = await start(join(secluded, 'var', 'postgres'))
    expect(await ask(again.connectionUrl(), 'select one from t')).toEqual([[1]])
  })

  test('programs that the server may not reach, or that npm left without their links, run nevertheless', async () => {
    const packaged = join(base, 'root', 'modules', 'linux-x64', 'native')
    await mkdir(join(packaged, '..', '..'), { recursive: true, mode: 0o700 })
    // Hard links where the system allows: 60 MB need not be copied for a story.
    const script = 'cp -al "$1" "$2" 2> /dev/null || { rm -rf "$2" && cp -a "$1" "$2"; }'
    execFileSync('/bin/sh', ['-c', script, 'sh', join(await packagedBinaries(), '..'), join(packaged, '..')])
    for (const entry of await readdir(join(packaged, 'lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await rm(join(packaged, 'lib', entry.name))
    }
    // Root reaches the folder and its server does not; an ordinary user reaches it but cannot mend the links in it.
    await chmod(join(packaged, 'lib'), 0o555)
    const account = await serverAccount(home)
    const usable = await usableBinaries(account, packaged, [base])
    expect(await run(account, join(usable, 'bin', 'postgres'), ['--version'])).toMatchObject({ ok: true })
    await rm(join(usable, 'share'), { recursive: true })
    expect(await usableBinaries(account, packaged, [base])).toBe(usable)
    await chmod(join(packaged, 'lib'), 0o755)
    await rm(join(packaged, 'bin', 'postgres'))
    await rm(join(usable, 'bin', 'postgres'), { force: true })
    await expect(usableBinaries(account, packaged, [base])).rejects.toThrow('DATABASE_URL')
  })
})
