// Campuses of a school, by batch.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { Named, type Known } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { cleanName, cleanText, isStorable, LETTER_OR_DIGIT } from '../../kernel/text.ts'
import { isCommune } from '../roster/communes.ts'
import { Findings, match, merged, type Judged, type Stored } from '../../kernel/records/decide.ts'
import { valuesOf } from '../../kernel/records/table.ts'
import { isSchoolCode } from '../roster/text.ts'
import type { CampusInput, UpsertCampusesInput } from '../schema/facility-inputs.ts'
import type { Campus } from '../schema/facility-types.ts'
import { CAMPUSES_BY_ID } from '../store/queries.ts'
import { CAMPUS, CAMPUSES_OF_SCHOOL } from '../store/writing.ts'
import { writeRoster } from './roster-batch.ts'

function judge(sent: CampusInput, stored: Named<Stored>): Judged<Stored, null> {
  const found = new Findings()
  const { code, externalId, communeCode, validFrom, expectedVersion } = sent
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const current = match({ key: code, externalId }, stored, found) ?? null
  if (!isSchoolCode(code)) found.add('SCHOOL_CODE_INVALID', 'code')
  const name = cleanName(sent.name, LETTER_OR_DIGIT)
  if (name === null) found.add('NAME_INVALID', 'name')
  const address = cleanText(sent.address)
  if (!address) found.add('TEXT_INVALID', 'address')
  if (!isCommune(communeCode)) found.add('CODE_UNKNOWN', 'communeCode')
  if (!isDay(validFrom)) found.add('DATE_INVALID', 'validFrom')
  const validTo = merged(sent.validTo, current?.values.valid_to) as string | null
  if (validTo !== null && (!isDay(validTo) || validTo < validFrom)) found.add('DATE_INVALID', 'validTo')
  return {
    sent: { key: code, externalId, expectedVersion },
    stored: current,
    key: code,
    values:
      found.faults.length > 0
        ? null
        : { code, name, address, commune_code: communeCode, valid_from: validFrom, valid_to: validTo },
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

export function upsertCampuses(context: SubgraphContext, input: UpsertCampusesInput): Promise<BatchPayload<Campus>> {
  return writeRoster<Stored, null, Campus>(context, {
    name: 'upsertCampuses',
    scope: 'school.write',
    readScope: 'school.read',
    input,
    length: input.campuses.length,
    table: CAMPUS,
    entity: 'Campus',
    externalKind: 'CAMPUS',
    fields: ['School.campuses'],
    judge: async ({ tx, schoolId }) => {
      const rows = await tx.query<Known & { version: number } & Record<string, unknown>>(CAMPUSES_OF_SCHOOL, [
        schoolId,
        context.viewer.applicationId,
      ])
      const stored = new Named(
        rows.map(({ id, version, code, externalId, ...row }): Stored => {
          return { id, version, code, externalId, values: valuesOf(CAMPUS, { ...row, code }) }
        }),
      )
      return input.campuses.map((sent) => judge(sent, stored))
    },
    read: ({ tx, schoolId }, ids) => tx.query<Campus & Record<string, unknown>>(CAMPUSES_BY_ID, [schoolId, ids]),
  })
}
