// `npm run demo`: the main job as a conversation. A vendor writes marks, the Sở reads its reports, compliance sees who read what.
import { existsSync } from 'node:fs'
import { readConfig } from '../config.ts'
import { createLog } from '../../subgraphs/kernel/log.ts'
import { publicUrlOf } from '../address.ts'
import { startPlatform } from '../one-process.ts'
import { readSandboxFile } from '../sandbox/parties.ts'
import { join } from 'node:path'
import { converse } from './conversation.ts'

async function isRunning(url: string): Promise<boolean> {
  return fetch(`${url}/livez`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

const tell = (line = ''): void => void process.stdout.write(`${line}\n`)
const config = readConfig(process.env)
const running = existsSync(join(config.dataDir, 'sandbox.json')) && (await isRunning(publicUrlOf(config)))
const platform = running
  ? undefined
  : await startPlatform({
      config,
      log: createLog({ level: config.logLevel }),
      now: () => new Date(),
      tell,
      onDatabaseExit: (error) => {
        throw error
      },
    })
try {
  tell(
    running
      ? `Dùng hệ thống đang chạy / using the running platform at ${publicUrlOf(config)}`
      : `Đã khởi động hệ thống / platform started at ${publicUrlOf(config)}`,
  )
  await converse(await readSandboxFile(config.dataDir), config.dataDir, tell)
} catch (error) {
  process.stderr.write(`\nThe demo stopped: ${(error as Error).message}\n`)
  process.exitCode = 1
} finally {
  await platform?.close()
}
