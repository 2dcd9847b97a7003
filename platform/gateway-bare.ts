// `npm run gateway:bare`: any federated supergraph through our executor and the hard door, without the platform's rules, on loopback.
import { explainListening } from './address.ts'
import { readBareOptions, Told } from './gateway-bare-options.ts'
import { runProcess, type Running } from './run.ts'
import { readText, watchFile } from './watched-file.ts'

function readOptions() {
  try {
    return readBareOptions(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Told)) throw error
    const stream = error.asked ? process.stdout : process.stderr
    stream.write(error.message)
    process.exitCode = error.asked ? 0 : 1
    return undefined
  }
}

const options = readOptions()
if (options) {
  const { supergraph: file, port, host, timeout: operationTimeoutMs, logLevel } = options
  await runProcess(async ({ tell }): Promise<Running> => {
    const supergraphSdl = await readText(file)
    const { createBareGateway, SupergraphRefused } = await import('../gateway/bare/index.ts')
    const { createLog } = await import('../subgraphs/kernel/log.ts')
    const log = createLog({ level: logLevel })
    const refused = (error: unknown): Error =>
      error instanceof SupergraphRefused ? new Error(`${file} cannot be served: ${error.message}`) : (error as Error)

    const gateway = await createBareGateway({ supergraphSdl, operationTimeoutMs, now: () => new Date(), log }).catch(
      (error: unknown) => {
        throw refused(error)
      },
    )
    const address = await gateway.listen(port, host).catch(async (error: unknown) => {
      await gateway.close()
      throw explainListening(error, { host, port }, (another) => `--port ${another}`)
    })
    tell(`${file} (${gateway.subgraphs().join(', ')}) is served at ${address}/graphql, for this machine only.`)

    let last = supergraphSdl
    const reload = async (asked: boolean): Promise<void> => {
      try {
        const next = await readText(file)
        // An editor touches a file more often than it changes it.
        if (next === last && !asked) return
        await gateway.replace(next)
        last = next
        tell(`${file} was read again (${gateway.subgraphs().join(', ')}).`)
      } catch (error) {
        process.stderr.write(`${refused(error).message}\nThe supergraph read before is served on.\n`)
      }
    }
    const unwatch = watchFile(file, () => void reload(false))
    return {
      reload: () => void reload(true),
      close: async () => {
        unwatch()
        await gateway.close()
      },
    }
  })
}
