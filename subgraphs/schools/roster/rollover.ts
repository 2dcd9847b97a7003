// The plan of a rollover: who goes to which class of the new year, who repeats, who has finished, and in which order a class stands.
import type { ErrorCode } from '../../kernel/errors.ts'
import { hasGrade, isFinalGrade, renamedToGrade, type Level } from './grades.ts'

export interface YearClass {
  readonly id: string
  readonly name: string
  readonly grade: number
  readonly level: Level
}

/** A pupil who studies at the school. */
export interface RolledPupil {
  readonly id: string
  readonly sortName: string
  /** The class of the old year the pupil is in. */
  readonly classId: string | null
  /** The class of the new year the pupil is in already. */
  readonly placedIn: string | null
  /** Of one who is in the new year already: the last class of the old year; null for one who is new to the school. */
  readonly cameFrom: string | null
}

export interface Repeater {
  /** Null for a reference that names nobody who studies in the old year. */
  readonly pupilId: string | null
  readonly classRoom: string | null
  readonly fault: ErrorCode | null
}

export interface RolloverQuestion {
  readonly levels: readonly string[]
  readonly from: readonly YearClass[]
  readonly to: readonly YearClass[]
  readonly pupils: readonly RolledPupil[]
  readonly repeaters: readonly Repeater[]
  /** Class of the old year to class of the new one, by name, where the rule of the name does not do. */
  readonly names: readonly { readonly from: string; readonly to: string }[]
}

export type Outcome = 'PROMOTED' | 'REPEATED' | 'GRADUATED' | 'PLACED' | 'NEW'

export interface Member {
  readonly pupilId: string
  readonly outcome: Outcome
  readonly fromClass: string | null
  readonly rollNumber: number | null
}

export interface PlannedClass {
  /** Null for a class that is made. */
  readonly id: string | null
  readonly name: string
  readonly grade: number
  readonly level: Level
  readonly members: readonly Member[]
}

/** What stands against the plan, or is doubtful in it, and where in what was sent or in the school. */
export interface Remark {
  readonly code: ErrorCode
  readonly path: string
  readonly count: number
}

export interface RolloverPlan {
  readonly classes: readonly PlannedClass[]
  readonly graduates: readonly Member[]
  readonly problems: readonly Remark[]
  readonly warnings: readonly Remark[]
}

type Place = Pick<YearClass, 'name' | 'grade' | 'level'>

/** Pupils a class may have: 35 at primary and preschool level, 45 above. TT28/2020 Điều 16, TT32/2020 Điều 16, TT52/2020. */
const sizeOf = (level: Level): number => (level === 'MN' || level === 'TH' ? 35 : 45)

/** Plain comparison of the sort keys is the Vietnamese order; of two of one name the older record comes first. */
export function byVietnameseOrder(a: { sortName: string; id: string }, b: { sortName: string; id: string }): number {
  if (a.sortName !== b.sortName) return a.sortName < b.sortName ? -1 : 1
  return a.id < b.id ? -1 : Number(a.id > b.id)
}

const NEXT_LEVEL: Readonly<Partial<Record<Level, Level>>> = { MN: 'TH', TH: 'THCS', THCS: 'THPT' }

/** Where a class goes: the next grade, or over the border of levels where it is named so; null: it has finished. */
function nextPlace(room: YearClass, name: string | undefined, levels: readonly string[]): Place | null | ErrorCode {
  if (!isFinalGrade(room.level, room.grade)) {
    const grade = room.grade + 1
    const to = name ?? renamedToGrade(room.name, room.grade, grade)
    return to === null ? 'CLASS_NAME_UNMAPPED' : { name: to, grade, level: room.level }
  }
  if (name === undefined) return null
  const level = room.level === 'GDTX' ? 'GDTX' : NEXT_LEVEL[room.level]
  const grade = room.level === 'MN' ? 1 : room.grade + 1
  if (!level || !levels.includes(level) || !hasGrade(level, grade)) return 'LEVEL_INVALID'
  return { name, grade, level }
}

class Remarks {
  readonly #counts = new Map<string, Remark>()

  add(code: ErrorCode, path: string, count = 1): void {
    const known = this.#counts.get(`${code} ${path}`)
    this.#counts.set(`${code} ${path}`, { code, path, count: (known?.count ?? 0) + count })
  }

  all(): Remark[] {
    return [...this.#counts.values()]
  }
}

interface Seat {
  readonly pupil: RolledPupil
  readonly outcome: Outcome
  readonly fromClass: string | null
}

interface Target {
  readonly id: string | null
  readonly place: Place
  readonly seats: Seat[]
}

/** The classes of the new year as they fill: those that are there, and those that are made for whoever comes. */
class NewYear {
  readonly #byName = new Map<string, Target>()
  readonly #byId = new Map<string, Target>()

  constructor(rooms: readonly YearClass[]) {
    for (const { id, ...place } of rooms) {
      const target: Target = { id, place, seats: [] }
      this.#byName.set(place.name, target)
      this.#byId.set(id, target)
    }
  }

  byId(id: string): Target | undefined {
    return this.#byId.get(id)
  }

  /** Null where a class of that name is there with another grade or level. */
  at(place: Place): Target | null {
    const known = this.#byName.get(place.name)
    if (known) return known.place.grade === place.grade && known.place.level === place.level ? known : null
    const target: Target = { id: null, place, seats: [] }
    this.#byName.set(place.name, target)
    return target
  }

  all(): Target[] {
    return [...this.#byName.values()].sort(
      (a, b) => a.place.grade - b.place.grade || (a.place.name < b.place.name ? -1 : Number(a.place.name > b.place.name)),
    )
  }
}

function numbered({ id, place, seats }: Target): PlannedClass {
  const ordered = [...seats].sort((a, b) => byVietnameseOrder(a.pupil, b.pupil))
  return {
    id,
    ...place,
    members: ordered.map(({ pupil, outcome, fromClass }, index) => ({
      pupilId: pupil.id,
      outcome,
      fromClass,
      rollNumber: index + 1,
    })),
  }
}

function doubts(target: Target, warnings: Remarks): void {
  const { id, place, seats } = target
  if (seats.length > sizeOf(place.level)) warnings.add('CLASS_SIZE_UNUSUAL', place.name, seats.length)
  if (id === null && seats.every(({ outcome }) => outcome === 'REPEATED'))
    warnings.add('CLASS_OF_REPEATERS', place.name, seats.length)
}

export function planRollover({ levels, from, to, pupils, repeaters, names }: RolloverQuestion): RolloverPlan {
  const problems = new Remarks()
  const warnings = new Remarks()
  const year = new NewYear(to)
  const rooms = new Map(from.map((room) => [room.id, room]))
  const mapping = new Map<string, string>()
  names.forEach((pair, index) => {
    if (!from.some(({ name }) => name === pair.from)) problems.add('CLASS_NOT_FOUND', `classes.${index}.from`)
    else if (pair.to === '') problems.add('NAME_INVALID', `classes.${index}.to`)
    else if (mapping.has(pair.from)) problems.add('DUPLICATE_IN_BATCH', `classes.${index}.from`)
    else mapping.set(pair.from, pair.to)
  })
  const repeating = new Map<string, Repeater>()
  repeaters.forEach((one, index) => {
    if (one.fault || one.pupilId === null) problems.add(one.fault ?? 'STUDENT_NOT_FOUND', `repeaters.${index}`)
    else if (repeating.has(one.pupilId)) problems.add('DUPLICATE_IN_BATCH', `repeaters.${index}`)
    else repeating.set(one.pupilId, one)
  })

  /** Where a pupil of an old class belongs; null: finished; undefined: the plan has a problem there. */
  const placeOf = (pupil: RolledPupil, room: YearClass): Place | null | undefined => {
    const repeater = repeating.get(pupil.id)
    if (repeater) return { name: repeater.classRoom ?? room.name, grade: room.grade, level: room.level }
    const next = nextPlace(room, mapping.get(room.name), levels)
    if (typeof next !== 'string') return next
    problems.add(next, room.name)
    return undefined
  }

  const graduates: Seat[] = []
  let outside = 0
  const roomOf = ({ classId, cameFrom }: RolledPupil): YearClass | undefined => rooms.get(classId ?? cameFrom ?? '')
  // Class by class, so that the same school has the same plan and the same remarks in the same order.
  const places = new Map<YearClass | undefined, number>(from.map((room, place) => [room, place]))
  const placeIn = (pupil: RolledPupil): number => places.get(roomOf(pupil)) ?? from.length
  for (const pupil of [...pupils].sort((a, b) => placeIn(a) - placeIn(b) || byVietnameseOrder(a, b))) {
    const room = roomOf(pupil)
    const there = pupil.placedIn === null ? undefined : year.byId(pupil.placedIn)
    if (there && !room) {
      there.seats.push({ pupil, outcome: 'NEW', fromClass: null })
      continue
    }
    if (!room) {
      outside += 1
      continue
    }
    const place = placeOf(pupil, room)
    if (place === undefined) continue
    const target = place === null ? null : year.at(place)
    if (there) {
      // Who was moved by hand is where the plan would put them, or the two disagree.
      if (target === there) there.seats.push({ pupil, outcome: 'PLACED', fromClass: room.name })
      else problems.add('ROLLOVER_DIVERGENT', room.name)
    } else if (place === null) graduates.push({ pupil, outcome: 'GRADUATED', fromClass: room.name })
    else if (target === null) problems.add('ROLLOVER_CLASS_MISMATCH', place.name)
    else target.seats.push({ pupil, outcome: repeating.has(pupil.id) ? 'REPEATED' : 'PROMOTED', fromClass: room.name })
  }
  if (outside > 0) warnings.add('NOT_IN_THE_YEAR', 'pupils', outside)

  const filled = year.all().filter(({ seats }) => seats.length > 0)
  for (const target of filled) doubts(target, warnings)
  return {
    classes: filled.map(numbered),
    graduates: [...graduates]
      .sort((a, b) => byVietnameseOrder(a.pupil, b.pupil))
      .map(({ pupil, outcome, fromClass }) => ({ pupilId: pupil.id, outcome, fromClass, rollNumber: null })),
    problems: problems.all(),
    warnings: warnings.all(),
  }
}
