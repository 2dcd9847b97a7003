// Holds the committed contract to the code and to what vendors were promised.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { buildSchema, findBreakingChanges, findDangerousChanges, type GraphQLSchema } from 'graphql'

export interface ContractFault {
  readonly kind: 'DRIFT' | 'BREAKING'
  readonly text: string
}

/** Files that differ from what the code says, or are not there. */
export async function findDrift(dir: URL, files: Readonly<Record<string, string>>): Promise<ContractFault[]> {
  const faults: ContractFault[] = []
  for (const [name, expected] of Object.entries(files)) {
    const path = new URL(name, dir)
    const committed = existsSync(path) ? await readFile(path, 'utf8') : undefined
    if (committed !== expected)
      faults.push({
        kind: 'DRIFT',
        text: `schema/${name} ${committed === undefined ? 'is not there' : 'differs from the code'}: run \`npm run contract\``,
      })
  }
  return faults
}

/** What is written under `## Unreleased`: a breaking change must be named there by its own words, with the way out. */
export function unreleasedEntries(changelog: string): string {
  const start = changelog.indexOf('## Unreleased')
  if (start < 0) return ''
  const rest = changelog.slice(start + '## Unreleased'.length)
  const end = rest.search(/^## /m)
  return end < 0 ? rest : rest.slice(0, end)
}

/** Breaking changes against the last released contract that the changelog does not name. */
export function findUnannounced(released: GraphQLSchema, current: GraphQLSchema, changelog: string): ContractFault[] {
  const announced = unreleasedEntries(changelog)
  return findBreakingChanges(released, current)
    .filter(({ description }) => !announced.includes(description))
    .map(({ description }) => ({
      kind: 'BREAKING',
      text: `${description} Name it, word for word, under "## Unreleased" in schema/CHANGELOG.md, with the replacement and the date.`,
    }))
}

export function dangerousChanges(released: GraphQLSchema, current: GraphQLSchema): string[] {
  return findDangerousChanges(released, current).map(({ description }) => description)
}

export async function readReleased(dir: URL): Promise<GraphQLSchema> {
  return buildSchema(await readFile(new URL('released/contract.graphql', dir), 'utf8'))
}
