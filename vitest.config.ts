// How the tests run: one PostgreSQL for the run, a fresh database for each file, one realm of graphql.
import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

const require = createRequire(import.meta.url)

export default defineConfig({
  resolve: {
    // vite would load the ES build of graphql beside the CommonJS one that graphql-middleware requires: two realms, no schema fits.
    alias: [
      { find: /^graphql$/, replacement: require.resolve('graphql') },
      { find: /^graphql-middleware$/, replacement: require.resolve('graphql-middleware') },
    ],
  },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: false } },
  test: {
    include: ['test/**/*.test.ts'],
    // Has a configuration and a command of its own: `npm run test:faults`.
    exclude: ['test/faults/**'],
    globalSetup: ['test/testkit/global-setup.ts'],
    setupFiles: ['test/testkit/shifted-clock.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
})
