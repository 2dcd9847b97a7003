// `npm run secrets -- DIR`: fills a folder with the secrets of a production platform, one file a service.
import { resolve } from 'node:path'
import { ensureSecrets } from './secrets.ts'

const dir = process.argv[2]
if (!dir) {
  process.stderr.write('usage: npm run secrets -- DIR\n')
  process.exitCode = 1
} else {
  await ensureSecrets(resolve(dir))
  process.stdout.write(
    `${resolve(dir)}: admin.json (provisioning only), gateway.json and one file for each subgraph. Hand each service its own.\n`,
  )
}
