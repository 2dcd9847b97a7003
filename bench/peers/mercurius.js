// Mercurius' gateway with its JIT on. It knows Federation 1 and reads no supergraph: it composes from the services' own SDL.
import Fastify from 'fastify'
import mercuriusGateway from '@mercuriusjs/gateway'

const { PORT, SERVICES } = process.env

const app = Fastify({ logger: false, keepAliveTimeout: 60_000 })
app.register(mercuriusGateway.mercuriusGatewayPlugin ?? mercuriusGateway, {
  jit: 1,
  gateway: {
    // Each with its SDL: what a subgraph built by @apollo/subgraph says of itself has lost the `extend` that Mercurius needs.
    services: JSON.parse(SERVICES),
  },
})
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
console.log('ready')
process.once('SIGTERM', () => process.exit(0))
