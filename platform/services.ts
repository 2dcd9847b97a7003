// The services of the distributed topology: a subgraph behind HTTP, or the gateway in front of them.
import type { JSONWebKeySet } from 'jose'
import { createHttpTransport } from '../gateway/transport/http.ts'
import { readSigningKey, readVerificationKey } from '../subgraphs/kernel/viewer.ts'
import { mountRawHandler } from '../subgraphs/kernel/raw-routes.ts'
import { createSubgraphService } from '../subgraphs/kernel/service.ts'
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import { PUBLIC_PATHS } from '../subgraphs/identity/oauth/door.ts'
import { explainListening, publicUrlOf } from './address.ts'
import { ConfigurationError, type Config } from './config.ts'
import { explorerFor } from './one-process.ts'
import type { RunContext, Running } from './run.ts'
import { openGateway } from './runtime/gateway.ts'
import { openAuthorizationServer, openSubgraph } from './runtime/subgraph.ts'
import { readSandboxFile } from './sandbox/parties.ts'
import { readGatewaySecrets, readSubgraphSecrets } from './secrets.ts'

function databaseUrlOf(config: Config): string {
  if (!config.databaseUrl)
    throw new ConfigurationError(
      'The configuration is wrong:\n  DATABASE_URL: a service of its own needs the address of the database',
    )
  return config.databaseUrl
}

function listenOn(server: { listen(port: number, host: string): Promise<string> }, config: Config): Promise<string> {
  return server.listen(config.port, config.host).catch((error: unknown) => {
    throw explainListening(error, config)
  })
}

export async function serveSubgraph(name: SubgraphName, { config, log, now }: RunContext): Promise<Running> {
  const secrets = await readSubgraphSecrets(config.secretsDir, name)
  const runtime = await openSubgraph({
    name,
    databaseUrl: databaseUrlOf(config),
    secrets,
    poolSize: config.databasePoolSize,
    sandbox: !config.production,
    now,
    log,
  })
  try {
    const oauth =
      name === 'identity'
        ? await openAuthorizationServer(runtime, {
            publicUrl: publicUrlOf(config),
            secretsDir: config.secretsDir,
            sandbox: !config.production,
            now,
            log,
          })
        : undefined
    const service = createSubgraphService({
      subgraph: runtime.subgraph,
      verificationKey: readVerificationKey(secrets.viewerPublicKey),
      now,
      log,
      ...(oauth
        ? { extend: (app) => mountRawHandler(app, oauth.paths, (request, response) => oauth.handle(request, response), log) }
        : {}),
    })
    const address = await listenOn(service, config)
    process.send?.({ ready: name, address })
    return {
      close: async () => {
        await service.close()
        await runtime.close()
      },
    }
  } catch (error) {
    await runtime.close()
    throw error
  }
}

/** Keys of the token issuer, fetched from identity and kept a minute; a new key is there before its first token is used. */
function remoteJwks(identityUrl: string, now: () => Date): () => Promise<JSONWebKeySet> {
  let kept: { until: number; keys: Promise<JSONWebKeySet> } | undefined
  return () => {
    if (!kept || kept.until < now().getTime()) {
      const keys = fetch(`${identityUrl}/oauth/jwks`, { signal: AbortSignal.timeout(3_000) }).then(
        (response) => response.json() as Promise<JSONWebKeySet>,
      )
      kept = { until: now().getTime() + 60_000, keys }
      keys.catch(() => (kept = undefined))
    }
    return kept.keys
  }
}

export async function serveGateway(
  urls: Readonly<Record<SubgraphName, string>>,
  { config, log, now }: RunContext,
): Promise<Running> {
  const { viewerPrivateKey, databasePassword } = await readGatewaySecrets(config.secretsDir)
  const signingKey = readSigningKey(viewerPrivateKey)
  const sandbox = config.production ? undefined : await readSandboxFile(config.dataDir)
  const explorer = await explorerFor(sandbox, config)
  const runtime = await openGateway({
    databaseUrl: databaseUrlOf(config),
    databasePassword,
    publicUrl: publicUrlOf(config),
    transports: Object.fromEntries(
      SUBGRAPH_NAMES.map((name) => [name, createHttpTransport({ name, origin: urls[name], signingKey, now })]),
    ),
    jwks: remoteJwks(urls.identity, now),
    oauth: { paths: PUBLIC_PATHS, upstream: urls.identity },
    corsOrigins: config.corsOrigins,
    proxyHops: config.proxyHops,
    ...(explorer ? { explorer } : {}),
    mode: config.production ? 'production' : 'sandbox',
    readiness: async () => {
      const answers = await Promise.all(
        SUBGRAPH_NAMES.map((name) => fetch(`${urls[name]}/readyz`, { signal: AbortSignal.timeout(2_000) })),
      )
      if (!answers.every(({ ok }) => ok)) throw new Error('a subgraph is not ready')
    },
    now,
    log,
  })
  try {
    const address = await listenOn(runtime.gateway, config)
    process.send?.({ ready: 'gateway', address })
    return runtime
  } catch (error) {
    await runtime.close()
    throw error
  }
}
