// Staff of a school, by batch; who leaves loses the office here the same day.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { vietnamDay } from '../../kernel/database.ts'
import type { Named } from '../../kernel/named.ts'
import { isDay } from '../../kernel/scalars.ts'
import { cleanName, isStorable } from '../../kernel/text.ts'
import { isCodeOf } from '../roster/code-lists.ts'
import { Findings, match, merged, type Judged, type Stored } from '../../kernel/records/decide.ts'
import { isMinistryCode, isOfProvince } from '../roster/numbers.ts'
import type { Staff } from '../schema/types.ts'
import type { StaffInput, UpsertStaffInput } from '../schema/write-inputs.ts'
import { STAFF_BY_ID } from '../store/queries.ts'
import { END_OFFICES, STAFF } from '../store/writing.ts'
import { findProvince, findStaff, hasLeft, selfReferences } from './at-the-desk.ts'
import { writeRoster } from './roster-batch.ts'

const POSITION = /^[A-Z][A-Z_]{1,39}$/

function judge(sent: StaffInput, staff: Named<Stored>, province: string | null, today: string): Judged<Stored, null> {
  const found = new Findings()
  const { id, code = null, externalId, expectedVersion, sex, position, status } = sent
  const key = { id, key: code, externalId, expectedVersion }
  if (code !== null && !isMinistryCode(code)) found.add('CODE_INVALID', 'code')
  else if (code !== null && province !== null && !isOfProvince(code, province)) found.warn('CODE_OF_OTHER_PROVINCE', 'code')
  if (externalId && !isStorable(externalId)) found.add('TEXT_INVALID', 'externalId')
  const stored = match(key, staff, found)
  if (stored && code !== null && stored.code !== code) found.add('KEY_CHANGED', 'code')
  const fullName = cleanName(sent.fullName)
  if (fullName === null) found.add('NAME_INVALID', 'fullName')
  const birthDate = sent.birthDate ?? null
  if (birthDate !== null && (!isDay(birthDate) || birthDate > today)) found.add('DATE_INVALID', 'birthDate')
  if (!POSITION.test(position)) found.add('CODE_UNKNOWN', 'position')
  if (!isCodeOf('STAFF_STATUS', String(status))) found.add('CODE_UNKNOWN', 'status')
  const refused = found.faults.length > 0 || stored === undefined
  return {
    sent: key,
    stored: stored ?? null,
    key: stored?.code ?? code ?? '',
    values: refused
      ? null
      : {
          code: stored?.code ?? code,
          full_name: fullName,
          sex,
          birth_date: merged(sent.birthDate, stored?.values.birth_date),
          position,
          status,
        },
    faults: found.faults,
    warnings: found.warnings,
    effect: null,
  }
}

export function upsertStaff(context: SubgraphContext, input: UpsertStaffInput): Promise<BatchPayload<Staff>> {
  return writeRoster<Stored, null, Staff>(context, {
    name: 'upsertStaff',
    scope: 'staff.write',
    readScope: 'staff.read',
    input,
    length: input.staff.length,
    table: STAFF,
    entity: 'Staff',
    externalKind: 'STAFF',
    fields: ['Staff.fullName', 'Staff.sex', 'Staff.position', 'Staff.status'],
    judge: async (desk) => {
      const staff = await findStaff(desk, selfReferences(input.staff))
      const province = await findProvince(desk)
      const today = vietnamDay(context.now())
      return input.staff.map((sent) => judge(sent, staff, province, today))
    },
    follow: async ({ tx, schoolId }, written) => {
      const leavers = written.filter(({ values }) => hasLeft(values.status)).map(({ id }) => id)
      if (leavers.length > 0)
        await tx.query(END_OFFICES, [schoolId, leavers, vietnamDay(context.now()), context.now().toISOString()])
      return []
    },
    read: ({ tx, schoolId }, ids) => tx.query<Staff & Record<string, unknown>>(STAFF_BY_ID, [[schoolId], ids]),
  })
}
