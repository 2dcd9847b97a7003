// Freshness as people and products are told it, on a clock of the test's own.
import { expect } from 'vitest'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { TestSubgraph } from '../testkit/subgraph.ts'

export interface Counts {
  today: number
  last7Days: number
  last30Days: number
}
export interface Keeper {
  application: { id: string } | null
  lastConfirmedAt: string | null
  lastChangedAt: string | null
  changed: Counts
  confirmed: Counts
}
export interface Line {
  kind: string
  state: string | null
  dueWithinDays: number | null
  lastConfirmedAt: string | null
  lastChangedAt: string | null
  lastChangedBy: { id: string } | null
  changed: Counts | null
  confirmed: Counts | null
  applications: Keeper[]
}
export type ListLine = Line & { school: { id: string }; schoolName: string }

const COUNTS = '{ today last7Days last30Days }'
const TIMES = `lastConfirmedAt lastChangedAt changed ${COUNTS} confirmed ${COUNTS}`
const FIELDS = `kind state dueWithinDays lastChangedBy { id } ${TIMES} applications { application { id } ${TIMES} }`
const OF_SCHOOL = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on School { freshness { ${FIELDS} } } } }`
const LIST = `query ($first: Int = 50, $after: String, $authorityId: ID, $kinds: [RecordKind!], $states: [FreshnessState!], $applicationId: ID) {
  schoolFreshness(first: $first, after: $after, authorityId: $authorityId, kinds: $kinds, states: $states, applicationId: $applicationId) {
    nodes { school { id } schoolName ${FIELDS} } pageInfo { hasNextPage endCursor } } }`

export async function linesFor(reporting: TestSubgraph, viewer: Viewer, schoolId: string): Promise<Line[]> {
  const { data, errors } = await reporting.ask<{ _entities: [{ freshness: Line[] }] }>(viewer, OF_SCHOOL, {
    r: [{ __typename: 'School', id: schoolId }],
  })
  expect(errors).toBeUndefined()
  return data._entities[0].freshness
}

export const askList = (reporting: TestSubgraph, viewer: Viewer, variables: object = {}) =>
  reporting.ask<{ schoolFreshness: { nodes: ListLine[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }>(
    viewer,
    LIST,
    variables as Record<string, unknown>,
  )

export async function listFor(reporting: TestSubgraph, viewer: Viewer, variables: object = {}): Promise<ListLine[]> {
  const { data, errors } = await askList(reporting, viewer, { first: 1_000, ...variables })
  expect(errors).toBeUndefined()
  return data.schoolFreshness.nodes
}

export const COUNT = `query ($a: ID) { dataFreshness(authorityId: $a) { unitName asOf schools counts { kind fresh overdue never undeclared } } }`

const DECLARE = `mutation ($input: SetFreshnessThresholdsInput!) {
  batch: setFreshnessThresholds(input: $input) {
    summary { created updated unchanged rejected conflicts }
    results { status entity { id kind level days reason validFrom authority { id } } errors { code path messageVi } } } }`

export interface Declared {
  summary: Record<string, number>
  results: { status: string; entity: { id: string; days: number } | null; errors: { code: string; path: string }[] }[]
}

export const askDeclare = (reporting: TestSubgraph, viewer: Viewer, thresholds: object[], more: object = {}) =>
  reporting.ask<{ batch: Declared }>(viewer, DECLARE, { input: { thresholds, ...more } })

export async function declare(
  reporting: TestSubgraph,
  viewer: Viewer,
  thresholds: object[],
  more: object = {},
): Promise<Declared['results']> {
  const { data, errors } = await askDeclare(reporting, viewer, thresholds, more)
  expect(errors).toBeUndefined()
  return data.batch.results
}
