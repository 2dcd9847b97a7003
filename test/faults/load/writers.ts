// Vendors who write: each record has one writer, each write one key, and it is sent until it is acknowledged, whatever breaks.
import type { Caller } from '../parts/caller.ts'
import { DOORS } from '../parts/platform.ts'
import type { Ledger, Slot, Write } from '../parts/ledger.ts'
import type { Place } from '../parts/places.ts'

const RECORD = `mutation RecordMarks($input: RecordScoresInput!) {
  batch: recordScores(input: $input) {
    results { status entity { schoolId id version value student { id } } errors { code } }
  }
}`
const CAMPUS = `mutation KeepCampus($input: UpsertCampusesInput!) {
  batch: upsertCampuses(input: $input) { results { status entity { id version } errors { code } } }
}`
const MARKS = `query MarksOfClass($id: ID!) {
  classRoom(ref: { id: $id }) { schoolId id students { schoolId id scores(term: "HKI", subject: "TOAN") { id kind ordinal value version student { id } } } }
}`

/** Beside what the sandbox has of a class: its regular marks end before. */
export const ORDINAL = 9

interface Row {
  readonly status: string
  readonly entity: {
    readonly id: string
    readonly version: number
    readonly value?: number
    readonly student?: { readonly id: string }
  } | null
  readonly errors: readonly { readonly code: string }[]
}
interface Batch {
  readonly batch: { readonly results: readonly Row[] } | null
}

interface Sending {
  readonly write: Write
  readonly query: string
  readonly variables: object
}

export class Writer {
  readonly #caller: Caller
  readonly #ledger: Ledger
  readonly #place: Place
  readonly #name: string
  /** By pupil; the campus stands under its code. */
  readonly #slots = new Map<string, Slot>()
  #count = 0

  constructor(caller: Caller, place: Place, name: string) {
    this.#caller = caller
    this.#ledger = caller.ledger
    this.#place = place
    this.#name = name
  }

  /** A write is never left half known: the one that is under way when the run ends is sent on until it is acknowledged. */
  async run(ending: AbortSignal): Promise<void> {
    const { random } = this.#caller
    while (!ending.aborted) {
      await (random.chance(0.25) ? this.#keepCampus() : this.#recordMarks())
      if (random.chance(0.3)) await this.#readBack()
    }
  }

  async #recordMarks(): Promise<void> {
    const { random } = this.#caller
    const { schoolId, classId, teacher, pupils } = this.#place
    const chosen = random.shuffle([...pupils]).slice(0, random.between(1, 3))
    const wanted = chosen.map((pupil) => {
      const slot = this.#slots.get(pupil.id) ?? { schema: 'gradebook', schoolId, id: '', version: 0, value: -1 }
      // Another mark than the one that stands: each write is a change.
      const tenths = (Math.round(slot.value * 10) + random.between(1, 90) + 101) % 101
      return { pupil, slot, value: tenths / 10 }
    })
    const input = {
      school: { id: schoolId },
      schoolYear: '2026-2027',
      classRoom: { id: classId },
      subject: 'TOAN',
      term: 'HKI',
      mode: random.pick(['PARTIAL', 'ATOMIC']),
      scores: wanted.map(({ pupil, value }) => ({
        student: { code: pupil.code },
        kind: 'REGULAR',
        ordinal: ORDINAL,
        value,
        enteredBy: { code: teacher },
      })),
    }
    const rows = await this.#untilAcknowledged(this.#sending('gradebook', RECORD, { input }))
    rows.forEach(({ entity }, index) => {
      const { pupil, slot, value } = wanted[index]!
      if (entity!.value !== value || (entity!.student && entity!.student.id !== pupil.id))
        this.#ledger.violated(`${this.#name}: acknowledged ${JSON.stringify(entity)} for ${value} of ${pupil.id}`)
      this.#put(pupil.id, slot, entity!, value)
    })
  }

  async #keepCampus(): Promise<void> {
    const { schoolId, communeCode } = this.#place
    const code = `FAULT-${this.#name}`.toUpperCase().slice(0, 20)
    const slot = this.#slots.get(code) ?? { schema: 'schools', schoolId, id: '', version: 0, value: 0 }
    const campus = { code, name: `Điểm lẻ số ${slot.value + 1}`, address: 'Thôn 1', communeCode, validFrom: '2026-09-05' }
    const input = { school: { id: schoolId }, campuses: [campus] }
    const [row] = await this.#untilAcknowledged(this.#sending('schools', CAMPUS, { input }))
    this.#put(code, slot, row!.entity!, slot.value + 1)
  }

  #put(name: string, slot: Slot, { id, version }: { id: string; version: number }, value: number): void {
    if (version !== slot.version + 1 || (slot.id && slot.id !== id))
      this.#ledger.violated(
        `${this.#name}: version ${version} of ${id} was acknowledged after version ${slot.version} of ${slot.id}`,
      )
    if (!this.#slots.has(name)) this.#ledger.slots.push(slot)
    this.#slots.set(name, Object.assign(slot, { id, version, value }))
  }

  #sending(schema: Write['schema'], query: string, variables: object): Sending {
    const key = `fault-${this.#name}-${(this.#count += 1)}`
    const write: Write = { key, party: this.#caller.clientId, schema, attempts: [], acknowledged: [] }
    this.#ledger.writes.push(write)
    return { write, query, variables }
  }

  async #untilAcknowledged(sending: Sending): Promise<readonly Row[]> {
    const { random } = this.#caller
    // Some clients go before they are answered, and some are so impatient that they ask at both doors at once.
    if (random.chance(0.08)) await this.#send(sending, { leaveAfterMs: random.between(0, 60) })
    if (random.chance(0.06)) {
      const [one, other] = await Promise.all(DOORS.map((door) => this.#send(sending, { door })))
      if (one && other && JSON.stringify(one) !== JSON.stringify(other))
        this.#ledger.violated(`${sending.write.key} was told two things: ${JSON.stringify(one)} and ${JSON.stringify(other)}`)
    }
    let rows: readonly Row[] | null = null
    while (!rows) rows = await this.#send(sending)
    Object.assign(sending.write, { acknowledged: rows.map(({ entity }) => ({ id: entity!.id, version: entity!.version })) })
    this.#ledger.count('acknowledged writes')
    if (sending.write.attempts.length > 1) this.#ledger.count('writes that took more than one try')
    if (random.chance(0.15)) {
      const again = await this.#send(sending)
      if (again && told(again) !== told(rows))
        this.#ledger.violated(`${sending.write.key} was told ${told(rows)} at first and ${told(again)} again`)
    }
    return rows
  }

  /** What the write came to, or null where that was not learnt. */
  async #send({ write, query, variables }: Sending, how: object = {}): Promise<readonly Row[] | null> {
    const caller = this.#caller
    const answer = await caller.ask({ act: 'write', query, variables, key: write.key, sentAs: write.attempts, ...how })
    if (answer?.isDoubtful) {
      await caller.pause(answer)
      return null
    }
    const batch = (answer?.data as Batch | null | undefined)?.batch
    if (batch && batch.results.length > 0 && batch.results.every(({ entity }) => entity)) {
      const odd = batch.results.filter(({ status }) => status !== 'CREATED' && status !== 'UPDATED')
      if (odd.length > 0) this.#ledger.violated(`${write.key} came to ${JSON.stringify(odd)}`)
      return batch.results
    }
    const refused = answer?.codes.filter((code) => !PASSING.has(code)) ?? []
    if (refused.length > 0 || (batch && answer?.codes.length === 0))
      this.#ledger.violated(
        `${answer!.attempt.id} ${write.key} was refused: ${refused.join()} ${JSON.stringify(batch)?.slice(0, 300)}`,
      )
    await caller.pause(answer)
    return null
  }

  /** What was acknowledged is there for the next who asks, at whatever door. */
  async #readBack(): Promise<void> {
    const answer = await this.#caller.ask({ act: 'read-back', query: MARKS, variables: { id: this.#place.classId } })
    if (!answer?.data || answer.codes.length > 0) return this.#caller.pause(answer)
    type Score = { id: string; value: number; version: number; student: { id: string } }
    const { students } = answer.data.classRoom as { students: { id: string; scores: Score[] }[] }
    for (const { id, scores } of students) {
      // Nonsense may be told; never the marks of one pupil for those of another.
      const strange = scores.find(({ student }) => student.id !== id && UUID.test(student.id) && UUID.test(id))
      if (strange) this.#ledger.violated(`${answer.attempt.id}: a mark of ${strange.student.id} stands with ${id}`)
      if (answer.isDoubtful) continue
      const slot = this.#slots.get(id)
      const score = slot && scores.find((each) => each.id === slot.id)
      if (slot && (score?.version !== slot.version || score.value !== slot.value))
        this.#ledger.violated(
          `${answer.attempt.id} at ${answer.attempt.door}: ${JSON.stringify(score)} was read where ${JSON.stringify(slot)} was acknowledged`,
        )
    }
    this.#ledger.count('writes read back')
  }
}

const UUID = /^[0-9a-f]{8}-/

/** Of a fault, not of what was sent: sent again, it passes. */
const PASSING = new Set(['SERVICE_UNAVAILABLE', 'REQUEST_TIMEOUT', 'INTERNAL', 'THROTTLED', 'TOKEN_EXPIRED'])

const told = (rows: readonly Row[]): string =>
  JSON.stringify(rows.map(({ status, entity }) => [status, entity!.id, entity!.version, entity!.value]))
