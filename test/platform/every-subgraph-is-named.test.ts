// What lists the subgraphs by hand and cannot ask the code: the containers, the guides, the folders, the tests.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { roleOf } from '../../platform/database/roles.ts'
import { SUBGRAPH_NAMES } from '../../subgraphs/kernel/subgraphs.ts'

const ROOT = new URL('../../', import.meta.url)
const read = (path: string): Promise<string> => readFile(new URL(path, ROOT), 'utf8')

describe.each(SUBGRAPH_NAMES)('%s', (name) => {
  test('has its container, with its own secrets, and the gateway knows it and waits for it', async () => {
    const compose = await read('docker-compose.yml')
    const port = new RegExp(`^  ${name}:\\n(?:    .*\\n)*?.*SUBGRAPH: ${name}, PORT: (\\d+)`, 'm').exec(compose)?.[1]
    expect(port).toBeDefined()
    expect(compose).toContain(`./secrets/${name}.json:/run/lienthong/${name}.json:ro`)
    const urls = /SUBGRAPH_URLS: (.*)/.exec(compose)![1]!.split(',')
    expect(urls).toContain(`${name}=http://${name}:${port}`)
    const waited = /^  gateway:\n(?:    .*\n)*?    depends_on: \[(.*)\]/m.exec(compose)![1]!.split(', ')
    expect(waited).toContain(name)
  })

  test('is in the README, and its role and its secrets are in the operator guide', async () => {
    expect(await read('README.md')).toMatch(new RegExp(`subgraphs[^\\n]*\\b${name}\\b`))
    const guide = await read('docs/operator-guide.md')
    for (const word of [`\`${roleOf(name)}\``, `\`${name}.json\``]) expect(guide).toContain(word)
  })

  test('has a README with its map, and tests of its own', () => {
    for (const path of [`subgraphs/${name}/README.md`, `test/${name}/`])
      expect([path, existsSync(new URL(path, ROOT))]).toEqual([path, true])
  })
})
