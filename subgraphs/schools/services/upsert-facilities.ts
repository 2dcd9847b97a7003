// Facilities of a school by reporting period, one record each.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { Named } from '../../kernel/named.ts'
import { isStorable } from '../../kernel/text.ts'
import { Findings, match, merged, type Judged, type Stored, type Values } from '../../kernel/records/decide.ts'
import { valuesOf } from '../../kernel/records/table.ts'
import { isWithin, roomsText, type Rooms } from '../roster/facilities.ts'
import type { FacilityInput, UpsertFacilitiesInput } from '../schema/facility-inputs.ts'
import type { Facility } from '../schema/facility-types.ts'
import { FACILITIES_BY_ID } from '../store/queries.ts'
import { FACILITIES_OF_SCHOOL, FACILITY, SCHOOL_YEARS_BY_CODE } from '../store/writing.ts'
import { writeRoster } from './roster-batch.ts'

type Row = Record<string, unknown> & {
  id: string
  version: number
  externalId: string | null
  yearCode: string
  period: string
  rooms: Rooms
}

interface Around {
  /** Ids of school years by code. */
  readonly years: ReadonlyMap<string, string>
  /** By school year and period. */
  readonly stored: Named<Stored>
}

const BOUNDS = {
  computers: [0, 100_000],
  nationalStandard: [0, 2],
  accreditation: [1, 4],
  landArea: [0, 100_000_000],
} as const

function roomsOf(sent: FacilityInput, found: Findings): string | undefined {
  if (sent.rooms === undefined) return undefined
  const rooms = sent.rooms ?? []
  const seen = new Set<string>()
  for (const [index, { kind, grade, count, area }] of rooms.entries()) {
    if (!isWithin(count, 0, 10_000)) found.add('NUMBER_OUT_OF_RANGE', `rooms.${index}.count`)
    if (!isWithin(area, 0, 1_000_000)) found.add('NUMBER_OUT_OF_RANGE', `rooms.${index}.area`)
    if (seen.has(`${kind}/${grade}`)) found.add('DUPLICATE_IN_BATCH', `rooms.${index}`)
    seen.add(`${kind}/${grade}`)
  }
  return roomsText(rooms)
}

function judge(sent: FacilityInput, { years, stored }: Around): Judged<Stored, null> {
  const found = new Findings()
  const { externalId } = sent
  const yearId = years.get(sent.schoolYear)
  if (yearId === undefined) found.add('RECORD_NOT_FOUND', 'schoolYear', sent.schoolYear)
  const key = `${sent.schoolYear}/${sent.period}`
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const current = match({ key, externalId }, stored, found) ?? null
  for (const [name, [from, to]] of Object.entries(BOUNDS) as [keyof typeof BOUNDS, (typeof BOUNDS)[keyof typeof BOUNDS]][])
    if (!isWithin(sent[name], from, to)) found.add('NUMBER_OUT_OF_RANGE', name)
  const rooms = roomsOf(sent, found)
  const before: Values = current?.values ?? {}
  return {
    sent: { key, externalId, expectedVersion: sent.expectedVersion },
    stored: current,
    key,
    values:
      found.faults.length > 0
        ? null
        : {
            school_year_id: yearId!,
            period: sent.period,
            rooms: rooms ?? before.rooms ?? '[]',
            electricity: merged(sent.electricity, before.electricity),
            clean_water: merged(sent.cleanWater, before.clean_water),
            separate_toilets: merged(sent.separateToilets, before.separate_toilets),
            internet: merged(sent.internet, before.internet),
            hand_washing: merged(sent.handWashing, before.hand_washing),
            disability_access: merged(sent.disabilityAccess, before.disability_access),
            computers: merged(sent.computers, before.computers),
            national_standard: merged(sent.nationalStandard, before.national_standard),
            accreditation: merged(sent.accreditation, before.accreditation),
            land_area: merged(sent.landArea, before.land_area),
          },
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

export function upsertFacilities(context: SubgraphContext, input: UpsertFacilitiesInput): Promise<BatchPayload<Facility>> {
  return writeRoster<Stored, null, Facility>(context, {
    name: 'upsertFacilities',
    scope: 'school.write',
    readScope: 'school.read',
    input,
    length: input.facilities.length,
    table: FACILITY,
    entity: 'Facility',
    externalKind: 'FACILITY',
    fields: ['School.facilities'],
    judge: async ({ tx, schoolId }) => {
      const codes = [...new Set(input.facilities.map(({ schoolYear }) => schoolYear))]
      const years = await tx.query<{ id: string; code: string }>(SCHOOL_YEARS_BY_CODE, [codes])
      const rows = await tx.query<Row>(FACILITIES_OF_SCHOOL, [schoolId, context.viewer.applicationId])
      const stored = rows.map(({ id, version, externalId, yearCode, period, rooms, ...row }): Stored => {
        const values = valuesOf(FACILITY, { ...row, period, rooms: roomsText(rooms) })
        return { id, version, code: `${yearCode}/${period}`, externalId, values }
      })
      const around: Around = { years: new Map(years.map(({ code, id }) => [code, id])), stored: new Named(stored) }
      return input.facilities.map((sent) => judge(sent, around))
    },
    read: ({ tx, schoolId }, ids) => tx.query<Facility & Record<string, unknown>>(FACILITIES_BY_ID, [schoolId, ids]),
  })
}
