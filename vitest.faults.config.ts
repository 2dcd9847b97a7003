// The fault run (`npm run test:faults`): one file, alone, with processes and a PostgreSQL of its own.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: false } },
  test: {
    include: ['test/faults/faults.test.ts'],
    setupFiles: ['test/testkit/shifted-clock.ts'],
    pool: 'forks',
    disableConsoleIntercept: true,
    teardownTimeout: 20_000,
  },
})
