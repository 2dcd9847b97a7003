// School years and terms are written by the Sở alone: it sets the days for every school of the province, level by level.
import type { BatchPayload } from '../../kernel/batch.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { appendChanges, appendWriteAudit, type ChangeEvent } from '../../kernel/outbox.ts'
import { isStorable } from '../../kernel/text.ts'
import {
  decideBeside,
  judgeTerm,
  judgeYear,
  termKey,
  termsClash,
  yearsClash,
  type Span,
  type StoredTerm,
  type StoredYear,
} from '../roster/calendar.ts'
import type { Word } from '../../kernel/records/decide.ts'
import type { UpsertSchoolYearsInput, UpsertTermsInput } from '../schema/calendar-inputs.ts'
import type { SchoolYear, Term } from '../schema/types.ts'
import * as sql from '../store/calendar-writing.ts'
import { schoolYearById, termById } from '../store/loaders.ts'
import { writeProvince, type Numbered, type ProvinceOfDay } from './province-batch.ts'

type Row = Record<string, Word> & { readonly id: string; readonly version: number }

/** The days are the Sở's decision for the whole province; the communes carry it out. */
function assertDepartment({ office, department }: ProvinceOfDay): void {
  if (office.id !== department.id)
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'School years and terms are set by the Department of Education and Training.',
      messageVi: 'Khung thời gian năm học do Sở GD&ĐT quy định.',
    })
}

/** The former records, the feed and the audit of what changed. The feed is read by school, so each school that it concerns is told. */
async function leaveTraces(
  context: SubgraphContext,
  tx: Transaction,
  { schools, today }: ProvinceOfDay,
  entity: 'SchoolYear' | 'Term',
  changes: readonly Numbered<StoredYear | StoredTerm, null>[],
): Promise<void> {
  const { accountId } = context.viewer
  const table = entity === 'Term' ? 'term' : 'school_year'
  const ids = changes.map(({ id }) => id)
  await tx.query(sql.keepFormerCalendar(table), [entity, ids, context.now().toISOString(), accountId])
  const concerned = await tx.query<{ id: string; levels: string[] }>(sql.SCHOOLS_THAT_LAST, [schools, today])
  const events = changes.flatMap(({ id, key, version, status, values }) =>
    concerned
      .filter(({ levels }) => entity === 'SchoolYear' || levels.includes(String(values.level)))
      .map((school): ChangeEvent => ({
        schoolId: school.id,
        entity,
        entityId: id,
        naturalKey: key,
        event: status === 'CREATED' ? 'NEW' : 'UPDATE',
        version,
      })),
  )
  await appendChanges(context, tx, 'schools', events)
  const fields = ['startsOn', 'endsOn', ...(entity === 'Term' ? ['examFrom', 'examTo'] : [])].map((name) => `${entity}.${name}`)
  await appendWriteAudit(context, tx, { fields, schools: [], students: [] })
}

/** What is written of each change, column by column. */
const columnsOf = (
  context: SubgraphContext,
  changes: readonly Numbered<StoredYear | StoredTerm, null>[],
  names: readonly string[],
): unknown[] => [
  context.now().toISOString(),
  changes.map(({ id }) => id),
  changes.map(({ version }) => version),
  ...names.map((name) => changes.map(({ values }) => values[name] ?? null)),
]

async function yearsAtHand(tx: Transaction): Promise<StoredYear[]> {
  const rows = await tx.query<Row & { code: string; termsFrom: string | null; termsTo: string | null }>(
    sql.SCHOOL_YEARS_AT_HAND,
    [],
  )
  return rows.map(({ id, version, code, termsFrom, termsTo, ...days }) => ({
    id,
    version,
    code,
    externalId: null,
    termed: termsFrom === null || termsTo === null ? null : { startsOn: termsFrom, endsOn: termsTo },
    values: { code, ...days },
  }))
}

export function upsertSchoolYears(context: SubgraphContext, input: UpsertSchoolYearsInput): Promise<BatchPayload<SchoolYear>> {
  return writeProvince<StoredYear, null, SchoolYear>(context, {
    name: 'upsertSchoolYears',
    input,
    length: input.schoolYears.length,
    decide: async (tx, province) => {
      assertDepartment(province)
      const stored = await yearsAtHand(tx)
      const byCode = new Map(stored.map((year) => [year.code, year]))
      const judged = input.schoolYears.map((sent) => judgeYear(sent, byCode))
      return decideBeside(judged, stored, input.mode, yearsClash, 'SCHOOL_YEARS_OVERLAP')
    },
    write: async (tx, province, changes) => {
      await leaveTraces(context, tx, province, 'SchoolYear', changes)
      await tx.query(sql.UPSERT_YEARS, columnsOf(context, changes, ['code', 'starts_on', 'ends_on']))
    },
    read: (id) => context.loaders.of(schoolYearById).load(id),
  })
}

const TERM_COLUMNS = ['school_year_id', 'level', 'code', 'name', 'starts_on', 'ends_on', 'exam_from', 'exam_to']

export function upsertTerms(context: SubgraphContext, input: UpsertTermsInput): Promise<BatchPayload<Term>> {
  return writeProvince<StoredTerm, null, Term>(context, {
    name: 'upsertTerms',
    input,
    length: input.terms.length,
    shared: new Set(['RECORD_NOT_FOUND']),
    decide: async (tx, province) => {
      assertDepartment(province)
      const codes = [...new Set(input.terms.map(({ schoolYear }) => schoolYear).filter(isStorable))]
      const years = await tx.query<Span & { id: string; code: string } & Record<string, unknown>>(sql.YEARS_BY_CODE, [codes])
      const rows = await tx.query<Row & { schoolYear: string; level: string; code: string; hasClosedBooks: boolean }>(
        sql.TERMS_AT_HAND,
        [codes, province.schools],
      )
      const stored = rows.map(({ id, version, schoolYear, hasClosedBooks, ...values }): StoredTerm => {
        const code = termKey({ schoolYear, level: values.level, code: values.code })
        return { id, version, code, externalId: null, hasClosedBooks, values }
      })
      const around = {
        years: new Map(years.map((year) => [year.code, year])),
        terms: new Map(stored.map((term) => [term.code, term])),
      }
      const judged = input.terms.map((sent) => judgeTerm(sent, around))
      return decideBeside(judged, stored, input.mode, termsClash, 'TERMS_OVERLAP')
    },
    write: async (tx, province, changes) => {
      await leaveTraces(context, tx, province, 'Term', changes)
      await tx.query(sql.UPSERT_TERMS, columnsOf(context, changes, TERM_COLUMNS))
    },
    read: (id) => context.loaders.of(termById).load(id),
  })
}
