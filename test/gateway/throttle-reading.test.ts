// What is read from an operation before it runs: the budget it is paid from, and the record it names.
import { buildSchema, parse, type OperationDefinitionNode } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createRecordNamer } from '../../gateway/throttle/named-record.ts'
import { createOperationClassifier } from '../../gateway/throttle/operation-class.ts'

const operationIn = (source: string) => {
  const document = parse(source)
  return {
    document,
    operation: document.definitions.find((each): each is OperationDefinitionNode => each.kind === 'OperationDefinition')!,
  }
}

describe('the class of an operation', () => {
  const classify = createOperationClassifier(
    new Map([
      ['Query.schools', { anyOf: [['school.read']] }],
      ['Query.report', { anyOf: [['report.read']] }],
      ['Query.either', { anyOf: [['report.read'], ['school.read']] }],
      ['Query.viewer', { anyOf: [[]] }],
      ['School.report', { anyOf: [['report.read']] }],
    ]),
  )
  test.each([
    ['{ schools { id } }', 'READ'],
    ['{ viewer { id } }', 'READ'],
    ['{ __schema { types { name } } }', 'READ'],
    ['{ report { id } }', 'REPORT'],
    ['{ schools { id } x: report { id } }', 'REPORT'],
    ['{ ... { ...F } } fragment F on Query { report { id } }', 'REPORT'],
    ['{ ...F } fragment F on Query { ...G } fragment G on Query { ...F schools { id } }', 'READ'],
    ['{ either { id } }', 'READ'],
    ['mutation { report { id } }', 'WRITE'],
  ])('%s is %s', (source, expected) => {
    const { document, operation } = operationIn(source)
    expect([classify(document, operation), classify(document, operation)]).toEqual([expected, expected])
  })
})

describe('the record an operation names', () => {
  const schema = buildSchema(`
    type Query { school(ref: SchoolRef!): Int classRoom(ref: ClassRoomRef!): Int students(filter: Filter, ids: [StudentRef!]): Int viewer: Int }
    type Mutation { record(input: Batch!): Int }
    input SchoolRef { id: ID code: String }
    input ClassRoomKey { school: SchoolRef! name: String! }
    input ClassRoomRef { id: ID key: ClassRoomKey }
    input StudentRef { id: ID }
    input Filter { not: Filter grade: Int }
    input Batch { school: SchoolRef! classRoom: ClassRoomRef scores: [Score!]! }
    input Score { student: StudentRef! }`)
  const nameRecord = createRecordNamer(schema)
  const name = (source: string, variables: Record<string, unknown> = {}): string | undefined => {
    const { document, operation } = operationIn(source)
    return nameRecord(document, operation, variables)
  }
  const SCHOOL = 'SchoolRef {"code":"1"}'

  test('is the school, whether it stands in the document, in a variable, or in the key of a class', () => {
    expect(name('{ school(ref: { code: "1" }) }')).toBe(SCHOOL)
    expect(name('query ($r: SchoolRef!) { school(ref: $r) }', { r: { code: '1' } })).toBe(SCHOOL)
    expect(name('query ($c: String) { school(ref: { code: $c }) }', { c: '1' })).toBe(SCHOOL)
    expect(
      name('query ($r: ClassRoomRef!) { classRoom(ref: $r) }', { r: { key: { school: { code: '1' }, name: '10A1' } } }),
    ).toBe(SCHOOL)
  })

  test('is the school of a batch, whatever its records name', () => {
    const input = { school: { code: '1' }, classRoom: { id: 'c' }, scores: [{ student: { id: 'a' } }, { student: { id: 'b' } }] }
    expect(name('mutation ($i: Batch!) { record(input: $i) }', { i: input })).toBe(SCHOOL)
  })

  test('is another record where no school is named', () => {
    expect(name('{ classRoom(ref: { id: "c" }) }')).toBe('ClassRoomRef {"id":"c"}')
  })

  test('is the same however often it is named, and none when several are', () => {
    expect(name('{ a: school(ref: { code: "1" }) b: school(ref: { code: "1" }) }')).toBe(SCHOOL)
    expect(name('{ a: school(ref: { code: "1" }) b: school(ref: { code: "2" }) }')).toBeUndefined()
  })

  test('is none where none is named, or what stands in its place is no record', () => {
    expect(name('{ viewer }')).toBeUndefined()
    expect(name('{ students(filter: { not: { grade: 10 } }, ids: [{ id: "a" }]) }')).toBeUndefined()
    for (const r of [undefined, null, 7, 'x', [{ code: '1' }]])
      expect(name('query ($r: SchoolRef!) { school(ref: $r) }', { r })).toBeUndefined()
    expect(name('query ($r: SchoolRef!) { school(ref: $r) }', { r: { code: 'x'.repeat(1_000) } })).toBeUndefined()
  })
})
