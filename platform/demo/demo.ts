// `npm run demo`: the main job as a conversation. A vendor writes marks and the roster, the Sở reads its reports, compliance sees who read what.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { assertCanListen, publicUrlOf } from '../address.ts'
import { run } from '../run.ts'

async function isRunning(url: string): Promise<boolean> {
  return fetch(`${url}/livez`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

await run(async (context) => {
  const { config, tell, fail } = context
  const url = publicUrlOf(config)
  const running = existsSync(join(config.dataDir, 'sandbox.json')) && (await isRunning(url))
  if (!running) await assertCanListen(config)
  const { startPlatform } = await import('../one-process.ts')
  const platform = running ? undefined : await startPlatform({ ...context, onDatabaseExit: fail })
  try {
    tell(
      running
        ? `Dùng hệ thống đang chạy / using the running platform at ${url}`
        : `Đã khởi động hệ thống / platform started at ${url}`,
    )
    const { readSandboxFile } = await import('../sandbox/parties.ts')
    const { converse } = await import('./conversation.ts')
    await converse(await readSandboxFile(config.dataDir), config.dataDir, (line = '') => tell(line))
  } catch (cause) {
    throw new Error(`The demo stopped: ${(cause as Error).message}`, { cause })
  } finally {
    await platform?.close()
  }
  return { close: async () => undefined }
})
