// `npm start`: the whole platform in one process.
import { assertCanListen } from './address.ts'
import { describeStart } from './describe-start.ts'
import { run } from './run.ts'

const began = performance.now()

await run(async (context) => {
  const { config, tell, fail } = context
  await assertCanListen(config)
  const { startPlatform } = await import('./one-process.ts')
  const platform = await startPlatform({ ...context, onDatabaseExit: fail })
  tell(describeStart(platform, config.dataDir, (performance.now() - began) / 1000).join('\n'))
  return platform
})
