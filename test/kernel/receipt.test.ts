// What is kept for a retry comes back as it was, and takes little room.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, unpack } from '../../subgraphs/kernel/receipt.ts'

const through = (rows: Record<string, string | number | boolean | null>[]): unknown =>
  unpack(JSON.parse(JSON.stringify(pack(rows))))

test('any rows of one shape come back through JSON as they were', () => {
  const word = fc.oneof(fc.constantFrom('a', 'b', null, 1, true), fc.string(), fc.integer())
  fc.assert(
    fc.property(fc.array(fc.record({ id: word, kind: word, value: word })), (rows) => {
      expect(through(rows)).toEqual(rows)
    }),
  )
})

test('rows of one single word each, and no rows at all, come back too', () => {
  expect(through([])).toEqual([])
  expect(through([{ id: 1 }])).toEqual([{ id: 1 }])
  expect(through([{ id: null }, { id: null }])).toEqual([{ id: null }, { id: null }])
})

test('a thousand marks of one class take a fraction of what their records would', () => {
  const [classId, staffId] = [randomUUID(), randomUUID()]
  const pupils = Array.from({ length: 50 }, () => randomUUID())
  const rows = pupils.flatMap((studentId) =>
    Array.from({ length: 20 }, (_, ordinal) => ({
      status: 'CREATED',
      id: randomUUID(),
      studentId,
      classId,
      kind: 'REGULAR',
      ordinal,
      valueTenths: 80,
      remark: null,
      staffId,
      version: 1,
      updatedAt: '2026-11-22 08:00:00.123+07',
      applicationId: null,
      externalId: null,
      locked: false,
    })),
  )
  expect(JSON.stringify(pack(rows)).length * 6).toBeLessThan(JSON.stringify(rows).length)
})
