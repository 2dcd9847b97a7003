// `npm start`: the whole platform in one process.
import { describeStart } from './describe-start.ts'
import { startPlatform } from './one-process.ts'
import { run } from './run.ts'

const began = performance.now()

await run(async ({ config, log, now, tell, fail }) => {
  const platform = await startPlatform({ config, log, now, tell, onDatabaseExit: fail })
  for (const line of describeStart(platform, config.dataDir, (performance.now() - began) / 1000)) tell(line)
  return platform
})
