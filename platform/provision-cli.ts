// `npm run provision`: brings the database to this version and ends. Run before the services start.
import { run } from './run.ts'
import { Shutdown } from './shutdown.ts'

await run(async (context) => {
  const { preparePlatform } = await import('./one-process.ts')
  const shutdown = new Shutdown()
  const { tell } = context
  try {
    const { database } = await preparePlatform({ ...context, onDatabaseExit: context.fail }, shutdown)
    tell(`${database}: ready`)
  } finally {
    await shutdown.run(tell)
  }
  return { close: async () => undefined }
})
