// Schools are written by authorities: the Sở founds, closes, merges and hands over; a commune keeps those it manages.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { isUuid, type Transaction } from '../../kernel/database.ts'
import { appendChanges, appendWriteAudit } from '../../kernel/outbox.ts'
import { isStorable } from '../../kernel/text.ts'
import { decide, type Word } from '../../kernel/records/decide.ts'
import { judgeSchool, type SchoolEffect, type SchoolsAround, type StoredSchool } from '../roster/school-rules.ts'
import type { UpsertSchoolsInput } from '../schema/school-inputs.ts'
import type { School } from '../schema/types.ts'
import { schoolById } from '../store/loaders.ts'
import * as sql from '../store/school-writing.ts'
import { writeProvince, type Numbered, type ProvinceOfDay } from './province-batch.ts'

type Row = Record<string, Word> & { readonly id: string; readonly version: number; readonly code: string }
type SchoolChange = Numbered<StoredSchool, SchoolEffect>

const wordsIn = ({ schools }: UpsertSchoolsInput): string[] => [
  ...new Set(schools.flatMap(({ code, formerCodes }) => [code, ...(formerCodes ?? [])]).filter(isStorable)),
]

/** What the office may name and who holds which code, everything held until the batch ends. */
async function aroundOf(tx: Transaction, province: ProvinceOfDay, input: UpsertSchoolsInput): Promise<SchoolsAround> {
  const { today, office, department, offices } = province
  const taken = await tx.query<{ code: string; school: string }>(sql.CODES_TAKEN, [wordsIn(input)])
  const ids = input.schools.flatMap(({ id }) => (id && isUuid(id) ? [id.toLowerCase()] : []))
  const named = [...new Set([...ids, ...taken.map(({ school }) => school)])].filter((id) => province.schools.includes(id))
  const rows = await tx.query<Row>(sql.SCHOOLS_AT_HAND, [named, office.id, today])
  return {
    today,
    office,
    department,
    offices,
    holders: new Map(taken.map(({ code, school }) => [code, school])),
    schools: new Map(
      rows.map(({ id, version, code, managedBy, managedFrom, isManagedToday, ...values }) => [
        id,
        {
          id,
          version,
          code,
          externalId: null,
          managedBy: managedBy as string | null,
          managedFrom: managedFrom as string | null,
          isManagedToday: isManagedToday === true,
          values: { code, ...values },
        },
      ]),
    ),
  }
}

/** Who oversees comes first: a new school is open to its founder by what stands there, as to everybody. */
async function writeOversight(
  context: SubgraphContext,
  tx: Transaction,
  { department, today }: ProvinceOfDay,
  changes: readonly SchoolChange[],
): Promise<void> {
  const passed = changes.flatMap(({ id, effect }) => (effect!.handover ? [{ id, ...effect!.handover }] : []))
  const founded = changes.filter(({ stored }) => stored === null)
  if (passed.length === 0 && founded.length === 0) return
  await tx.query(sql.END_MANAGING, [passed.map(({ id }) => id), passed.map(({ from }) => from)])
  const rows = [
    ...founded.map(({ id, values }) => {
      const from = String(values.valid_from ?? today)
      return { authorityId: department.id, id, kind: 'PROFESSIONAL', from: from < today ? from : today }
    }),
    ...passed.map((one) => ({ ...one, kind: 'MANAGING' })),
  ]
  await tx.query(sql.OVERSEE, [
    rows.map(({ authorityId }) => authorityId),
    rows.map(({ id }) => id),
    rows.map(({ kind }) => kind),
    rows.map(({ from }) => from),
  ])
  if (founded.length > 0) await tx.query(sql.OPEN_AGAIN, [context.viewer.accountId, today])
}

async function writeChanges(
  context: SubgraphContext,
  tx: Transaction,
  province: ProvinceOfDay,
  changes: readonly SchoolChange[],
): Promise<void> {
  const at = context.now().toISOString()
  await writeOversight(context, tx, province, changes)
  const ids = changes.map(({ id }) => id)
  await tx.query(sql.KEEP_FORMER_SCHOOLS, [ids, at, context.viewer.accountId])
  const column = (name: string): Word[] => changes.map(({ values }) => values[name] ?? null)
  await tx.query(sql.UPSERT_SCHOOLS, [
    at,
    ids,
    changes.map(({ version }) => version),
    column('code'),
    column('name'),
    column('name_en'),
    column('levels'),
    column('ownership'),
    column('commune_code'),
    column('address'),
    column('valid_from'),
    column('valid_to'),
  ])
  await tx.query(sql.RETIRE_CODES, [ids])
  const codes = changes.flatMap(({ id, values, effect }) => [
    ...effect!.aliases.map((code) => ({ code, current: false, id })),
    { code: String(values.code), current: true, id },
  ])
  await tx.query(sql.UPSERT_CODES, [
    codes.map(({ code }) => code),
    codes.map(({ current }) => current),
    codes.map(({ id }) => id),
  ])
  await appendChanges(
    context,
    tx,
    'schools',
    changes.map(({ id, key, version, status }) => ({
      schoolId: id,
      entity: 'School',
      entityId: id,
      naturalKey: key,
      event: status === 'CREATED' ? 'NEW' : 'UPDATE',
      version,
    })),
  )
  await appendWriteAudit(context, tx, {
    fields: ['School.code', 'School.name', 'School.levels', 'School.managingAuthority'],
    schools: ids,
    students: [],
  })
}

export function upsertSchools(context: SubgraphContext, input: UpsertSchoolsInput): Promise<BatchPayload<School>> {
  return writeProvince<StoredSchool, SchoolEffect, School>(context, {
    name: 'upsertSchools',
    input,
    length: input.schools.length,
    decide: async (tx, province) => {
      const around = await aroundOf(tx, province, input)
      return decide(
        input.schools.map((sent) => judgeSchool(sent, around)),
        input.mode,
      )
    },
    write: (tx, province, changes) => writeChanges(context, tx, province, changes),
    read: (id) => context.loaders.of(schoolById).load(id),
  })
}
