// One service of the distributed topology: a subgraph (SUBGRAPH=schools) or the gateway (SUBGRAPH_URLS=…).
import { ConfigurationError } from './config.ts'
import { run } from './run.ts'

await run(async (context) => {
  const { subgraph, subgraphUrls } = context.config
  if (!subgraph && !subgraphUrls)
    throw new ConfigurationError(
      'The configuration is wrong:\n  SUBGRAPH or SUBGRAPH_URLS: name the subgraph to serve, or the subgraphs to serve as gateway',
    )
  const { serveGateway, serveSubgraph } = await import('./services.ts')
  return subgraph ? serveSubgraph(subgraph, context) : serveGateway(subgraphUrls!, context)
})
