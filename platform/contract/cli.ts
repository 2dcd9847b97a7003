// `npm run contract` writes schema/; `npm run contract:check` fails on drift and on unannounced breaking changes;
// `npm run contract:release` makes the contract of today the one that vendors were promised.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { buildContract } from './build.ts'
import { dangerousChanges, findDrift, findUnannounced, readReleased } from './check.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)
const RELEASED = new URL('released/contract.graphql', SCHEMA)

async function write(): Promise<void> {
  await mkdir(SCHEMA, { recursive: true })
  const { files } = buildContract()
  for (const [name, text] of Object.entries(files)) await writeFile(new URL(name, SCHEMA), text)
  if (!existsSync(RELEASED)) await release()
  console.log(`schema/: ${Object.keys(files).join(', ')}`)
}

async function release(): Promise<void> {
  await mkdir(new URL('released/', SCHEMA), { recursive: true })
  await writeFile(RELEASED, buildContract().files['contract.graphql']!)
  console.log('schema/released/contract.graphql is the contract of today')
}

async function check(): Promise<void> {
  const { files, api } = buildContract()
  const released = await readReleased(SCHEMA)
  const changelog = await readFile(new URL('CHANGELOG.md', SCHEMA), 'utf8')
  const faults = [...(await findDrift(SCHEMA, files)), ...findUnannounced(released, api, changelog)]
  for (const text of dangerousChanges(released, api)) console.log(`worth a look: ${text}`)
  for (const { kind, text } of faults) console.error(`${kind}: ${text}`)
  if (faults.length > 0) process.exitCode = 1
  else console.log('The contract agrees with the code, and breaks no promise.')
}

const commands: Readonly<Record<string, () => Promise<void>>> = { write, check, release }
const command = commands[process.argv[2] ?? '']
if (!command) throw new Error(`usage: cli.ts ${Object.keys(commands).join('|')}`)
await command()
