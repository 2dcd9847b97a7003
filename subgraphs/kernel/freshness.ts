// Which records have a freshness, and what a batch proves about it: that some changed, and that others were looked after.
import type { ChangeEvent } from './outbox.ts'
import type { Scope } from './scopes.ts'

/** Entity of the change feed → kind of record. What is decided rather than kept (owners, conflicts, merges) has none. */
export const KIND_OF_ENTITY = {
  ClassRoom: 'CLASS_ROOM',
  Staff: 'STAFF',
  Student: 'STUDENT',
  Enrolment: 'ENROLMENT',
  TeachingAssignment: 'TEACHING_ASSIGNMENT',
  HomeroomAssignment: 'HOMEROOM_ASSIGNMENT',
  Guardian: 'GUARDIAN',
  HealthRecord: 'HEALTH_RECORD',
  Facility: 'FACILITY',
  Campus: 'CAMPUS',
  Score: 'SCORE',
  Consent: 'CONSENT',
} as const

export type FreshEntity = keyof typeof KIND_OF_ENTITY
export type RecordKind = (typeof KIND_OF_ENTITY)[FreshEntity]
export const RECORD_KINDS: readonly RecordKind[] = Object.values(KIND_OF_ENTITY)

/** The scope under which an application reads such records, and is told how fresh they are. */
export const SCOPE_OF_KIND: Readonly<Record<RecordKind, Scope>> = {
  CLASS_ROOM: 'school.read',
  STAFF: 'staff.read',
  STUDENT: 'student.basic.read',
  ENROLMENT: 'student.basic.read',
  TEACHING_ASSIGNMENT: 'staff.read',
  HOMEROOM_ASSIGNMENT: 'staff.read',
  GUARDIAN: 'guardian.contact.read',
  HEALTH_RECORD: 'health.read',
  FACILITY: 'school.read',
  CAMPUS: 'school.read',
  SCORE: 'gradebook.read',
  CONSENT: 'identity.read',
}

/** Records of one kind that a batch sent and that stand as they did: nothing for the feed, and proof that somebody looks after them. */
export interface Confirmed {
  readonly schoolId: string
  readonly entity: FreshEntity
  readonly records: number
  /** Others of which nothing landed, without their sender being told: to itself they are changes, to the school they are none. */
  readonly heldBack?: number
}

export interface Note {
  readonly schoolId: string
  readonly kind: RecordKind
  readonly changed: number
  /** As the sender is told. */
  readonly told: number
  readonly confirmed: number
}

const isFresh = (entity: string): entity is FreshEntity => entity in KIND_OF_ENTITY

/** One note for each school and kind. A record that two events speak of changed once; what changed is confirmed as well. */
export function notesOf(events: readonly ChangeEvent[], confirmed: readonly Confirmed[]): Note[] {
  const notes = new Map<
    string,
    { schoolId: string; kind: RecordKind; changed: Set<string>; heldBack: number; unchanged: number }
  >()
  const noteOf = (schoolId: string, entity: FreshEntity) => {
    const kind = KIND_OF_ENTITY[entity]
    const key = `${schoolId} ${kind}`
    const note = notes.get(key) ?? { schoolId, kind, changed: new Set<string>(), heldBack: 0, unchanged: 0 }
    notes.set(key, note)
    return note
  }
  for (const { schoolId, entity, entityId } of events) if (isFresh(entity)) noteOf(schoolId, entity).changed.add(entityId)
  for (const { schoolId, entity, records, heldBack = 0 } of confirmed) {
    if (records + heldBack === 0) continue
    const note = noteOf(schoolId, entity)
    note.unchanged += records
    note.heldBack += heldBack
  }
  return [...notes.values()].map(({ schoolId, kind, changed, heldBack, unchanged }) => ({
    schoolId,
    kind,
    changed: changed.size,
    told: changed.size + heldBack,
    confirmed: changed.size + heldBack + unchanged,
  }))
}
