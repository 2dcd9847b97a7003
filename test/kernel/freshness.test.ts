// What a batch proves about freshness, counted from its events and from what stood as it was sent.
import { expect, test } from 'vitest'
import { notesOf } from '../../subgraphs/kernel/freshness.ts'
import type { ChangeEvent } from '../../subgraphs/kernel/outbox.ts'

const [HERE, THERE] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']
const event = (entity: string, entityId: string, schoolId = HERE): ChangeEvent => ({
  schoolId,
  entity,
  entityId,
  naturalKey: entityId,
  event: 'UPDATE',
  version: 2,
})

test('a record of which two events tell changed once, and what changed is confirmed as well', () => {
  const events = [event('Student', 'a'), event('Student', 'a'), event('Student', 'b'), event('Enrolment', 'a')]
  expect(notesOf(events, [{ schoolId: HERE, entity: 'Student', records: 3 }])).toEqual([
    { schoolId: HERE, kind: 'STUDENT', changed: 2, told: 2, confirmed: 5 },
    { schoolId: HERE, kind: 'ENROLMENT', changed: 1, told: 1, confirmed: 1 },
  ])
})

test('schools are noted apart, and what is decided rather than kept is not noted', () => {
  const events = [event('Score', 'a'), event('Score', 'a', THERE), event('FieldConflict', 'x'), event('School', HERE)]
  expect(notesOf(events, []).map(({ schoolId, kind }) => [schoolId, kind])).toEqual([
    [HERE, 'SCORE'],
    [THERE, 'SCORE'],
  ])
})

test('a batch of which nothing was accepted proves nothing', () => {
  expect(notesOf([], [{ schoolId: HERE, entity: 'Student', records: 0 }])).toEqual([])
})

test('what was held back without its sender being told changed to its sender, and not to the school', () => {
  expect(notesOf([event('Guardian', 'a')], [{ schoolId: HERE, entity: 'Guardian', records: 1, heldBack: 2 }])).toEqual([
    { schoolId: HERE, kind: 'GUARDIAN', changed: 1, told: 3, confirmed: 4 },
  ])
})
