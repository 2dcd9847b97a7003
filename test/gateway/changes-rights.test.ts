// Which operations wait, before they are answered, until their gateway has heard of what they changed.
import { parse, type OperationDefinitionNode } from 'graphql'
import { expect, test } from 'vitest'
import { readChangesRights } from '../../gateway/rules/changes-rights.ts'
import { readPage } from '../docs/documents.ts'

const changesRights = readChangesRights(parse(readPage('schema/supergraph.graphql')))
const verdictOn = (document: string): boolean => changesRights(parse(document).definitions[0] as OperationDefinitionNode)

test.each([
  ['a suspension', 'mutation { suspendApplication(reason: "x") { id } }'],
  ['an account that is removed, behind an alias', 'mutation { gone: removeAccount(reason: "x") { id } }'],
  ['staff that may leave with this batch', 'mutation { upsertStaff { summary { updated } } }'],
  [
    'what stands in a fragment at the root',
    'mutation { ...Acts } fragment Acts on Mutation { recordScores { summary { created } } }',
  ],
  ['the second of two acts', 'mutation { recordScores { summary { created } } endAgreement(reason: "x") { id } }'],
])('%s may change a right', (_, document) => {
  expect(verdictOn(document)).toBe(true)
})

test.each([
  ['marks', 'mutation { recordScores { summary { created } } }'],
  ['a reading', '{ applications { nodes { id } } }'],
])('%s change none', (_, document) => {
  expect(verdictOn(document)).toBe(false)
})
