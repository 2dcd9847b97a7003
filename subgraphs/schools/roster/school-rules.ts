// Which school a record means, whether its codes are free, and who manages it from when: rules that need no database.
import { isDay } from '../../kernel/scalars.ts'
import { isCodeOf } from './code-lists.ts'
import { provinceOfCommune } from './communes.ts'
import { Findings, merged, type Judged, type Stored, type Values } from '../../kernel/records/decide.ts'
import { cleanName, cleanText, LETTER_OR_DIGIT } from '../../kernel/text.ts'
import { isSchoolCode } from './text.ts'

export interface OfficeInForce {
  readonly id: string
  readonly code: string
  readonly kind: 'DEPARTMENT' | 'COMMUNE'
  readonly unitCode: string | null
  readonly validFrom: string
  readonly validTo: string | null
}

export interface StoredSchool extends Stored {
  readonly managedBy: string | null
  readonly managedFrom: string | null
  /** By the officer's own office. */
  readonly isManagedToday: boolean
}

export interface SentSchool {
  readonly id?: string | null
  readonly code: string
  readonly formerCodes?: readonly string[] | null
  readonly name: string
  readonly nameEn?: string | null
  readonly levels: readonly string[]
  readonly ownership: number
  readonly communeCode: string
  readonly address: string
  readonly validFrom?: string | null
  readonly validTo?: string | null
  readonly managedBy?: { readonly authority: string; readonly from: string } | null
  readonly expectedVersion?: number | null
}

export interface Handover {
  readonly authorityId: string
  readonly from: string
}

/** What a change of a school brings along. */
export interface SchoolEffect {
  /** Codes that lead to it from now on, beside its present one. */
  readonly aliases: readonly string[]
  readonly handover: Handover | null
}

export interface SchoolsAround {
  readonly today: string
  /** The officer's own office. */
  readonly office: OfficeInForce
  readonly department: OfficeInForce
  readonly offices: readonly OfficeInForce[]
  /** By code, present and past: the school's id. */
  readonly holders: ReadonlyMap<string, string>
  /** Open to the officer, by id. */
  readonly schools: ReadonlyMap<string, StoredSchool>
}

const isInForce = ({ validFrom, validTo }: OfficeInForce, day: string): boolean =>
  validFrom <= day && (validTo === null || day <= validTo)

/** Undefined: no school that this office may name so. Null: a new one. */
function schoolMeant(
  sent: SentSchool,
  { holders, schools, office }: SchoolsAround,
  found: Findings,
): StoredSchool | null | undefined {
  const refuse = (code: 'RECORD_NOT_FOUND' | 'NOT_MANAGING_AUTHORITY', path: string): undefined => {
    found.add(code, path)
    return undefined
  }
  const holder = holders.get(sent.code)
  const id = sent.id?.toLowerCase() ?? holder
  if (id === undefined) return office.kind === 'DEPARTMENT' ? null : refuse('NOT_MANAGING_AUTHORITY', 'code')
  const named = schools.get(id)
  if (!named) return sent.id ? refuse('RECORD_NOT_FOUND', 'id') : refuse('NOT_MANAGING_AUTHORITY', 'code')
  if (office.kind !== 'DEPARTMENT' && !named.isManagedToday) return refuse('NOT_MANAGING_AUTHORITY', sent.id ? 'id' : 'code')
  if (holder !== undefined && holder !== named.id) found.add('SCHOOL_CODE_TAKEN', 'code')
  return named
}

/** Codes of schools that went into this one: free, its own already, or of a school that has closed. */
function aliasesOf(
  sent: SentSchool,
  meant: StoredSchool | null,
  { holders, schools, today }: SchoolsAround,
  found: Findings,
): string[] {
  const taken = (sent.formerCodes ?? []).filter((code, index) => {
    if (!isSchoolCode(code)) return found.add('SCHOOL_CODE_INVALID', `formerCodes.${index}`)
    if (code === sent.code) return found.add('SCHOOL_CODE_TAKEN', `formerCodes.${index}`)
    const holder = holders.get(code)
    if (holder === undefined) return true
    if (holder === meant?.id) return meant.code === code
    const closed = (schools.get(holder)?.values.valid_to ?? null) as string | null
    return closed !== null && closed <= today ? true : found.add('SCHOOL_CODE_TAKEN', `formerCodes.${index}`)
  })
  // Whoever takes the present code of a school that closed takes all that led there: an older code goes on past both mergers.
  const followed = taken.flatMap((code) => {
    const from = schools.get(holders.get(code) ?? '')
    if (!from || from.id === meant?.id || from.code !== code) return []
    return [...holders].flatMap(([other, school]) => (school === from.id && other !== code ? [other] : []))
  })
  const renamed = meant !== null && sent.id && meant.code !== sent.code ? [meant.code] : []
  return [...new Set([...taken, ...followed, ...renamed])]
}

/** Since 1/7/2025 the commune manages preschool to lower secondary schools, the Department the others. Decree 142/2025. */
function handoverOf(
  { managedBy, levels, communeCode, validFrom }: SentSchool,
  meant: StoredSchool | null,
  { offices, department, today }: SchoolsAround,
  found: Findings,
): Handover | null {
  if (!managedBy) {
    if (meant) return null
    const from = validFrom && isDay(validFrom) && validFrom < today ? validFrom : today
    const upper = levels.some((level) => level === 'THPT' || level === 'GDTX')
    const commune = offices.find((one) => one.kind === 'COMMUNE' && one.unitCode === communeCode && isInForce(one, from))
    return { authorityId: upper || !commune ? department.id : commune.id, from }
  }
  const { authority, from } = managedBy
  const to = offices.find(({ code }) => code === authority)
  if (!to) return found.add('RECORD_NOT_FOUND', 'managedBy.authority')
  if (!isDay(from) || !isInForce(to, from)) return found.add('DATE_INVALID', 'managedBy.from')
  if (meant?.managedBy === to.id) return null
  if (meant?.managedFrom && from <= meant.managedFrom) return found.add('DATE_INVALID', 'managedBy.from')
  return { authorityId: to.id, from }
}

/** What a commune may not change: codes, levels, validity and who manages are the Department's to say. */
const OF_DEPARTMENT = { code: 'code', levels: 'levels', valid_from: 'validFrom', valid_to: 'validTo' } as const

export function judgeSchool(sent: SentSchool, around: SchoolsAround): Judged<StoredSchool, SchoolEffect> {
  const found = new Findings()
  const { department, office } = around
  if (!isSchoolCode(sent.code)) found.add('SCHOOL_CODE_INVALID', 'code')
  const name = cleanName(sent.name, LETTER_OR_DIGIT)
  if (name === null) found.add('NAME_INVALID', 'name')
  const nameEn = sent.nameEn ? cleanText(sent.nameEn) : sent.nameEn
  if (sent.nameEn && nameEn === null) found.add('TEXT_INVALID', 'nameEn')
  const address = cleanText(sent.address)
  if (!address) found.add('TEXT_INVALID', 'address')
  if (sent.levels.length === 0) found.add('LEVEL_INVALID', 'levels')
  if (!isCodeOf('OWNERSHIP', String(sent.ownership))) found.add('CODE_UNKNOWN', 'ownership')
  const province = provinceOfCommune(sent.communeCode)
  if (province === null) found.add('CODE_UNKNOWN', 'communeCode')
  else if (department.unitCode !== null && province !== department.unitCode) found.add('CODE_OF_OTHER_PROVINCE', 'communeCode')
  const meant = schoolMeant(sent, around, found)
  const before: Values = meant?.values ?? {}
  const validFrom = merged(sent.validFrom, before.valid_from) as string | null
  const validTo = merged(sent.validTo, before.valid_to) as string | null
  if (validFrom !== null && !isDay(validFrom)) found.add('DATE_INVALID', 'validFrom')
  if (validTo !== null && (!isDay(validTo) || (validFrom !== null && validTo < validFrom))) found.add('DATE_INVALID', 'validTo')
  const refused = { sent: { key: sent.code }, stored: null, key: sent.code, values: null, effect: null }
  if (meant === undefined) return { ...refused, faults: found.faults, warnings: found.warnings }
  const aliases = aliasesOf(sent, meant, around, found)
  const handover = handoverOf(sent, meant, around, found)
  const values: Values = {
    // An older code names the school and does not become its code again.
    code: meant && !sent.id ? meant.code : sent.code,
    name,
    name_en: merged(nameEn, before.name_en),
    levels: [...new Set(sent.levels)].toSorted((a, b) => LEVELS.indexOf(a) - LEVELS.indexOf(b)).join(','),
    ownership: sent.ownership,
    commune_code: sent.communeCode,
    address,
    valid_from: validFrom,
    valid_to: validTo,
    // Not columns: a change of these alone is a change of the school too.
    managed: handover ? `${handover.authorityId}/${handover.from}` : null,
    aliases: aliases.length > 0 ? aliases.join(' ') : null,
  }
  if (office.kind !== 'DEPARTMENT') {
    for (const [column, path] of Object.entries(OF_DEPARTMENT))
      if (values[column] !== before[column]) found.add('ACT_FORBIDDEN', path)
    if (handover) found.add('ACT_FORBIDDEN', 'managedBy')
    if (aliases.length > 0) found.add('ACT_FORBIDDEN', 'formerCodes')
  }
  const ok = found.faults.length === 0
  return {
    sent: { key: sent.code, expectedVersion: sent.expectedVersion },
    stored: meant && { ...meant, values: { ...meant.values, managed: null, aliases: null } },
    key: String(values.code),
    values: ok ? values : null,
    faults: found.faults,
    warnings: found.warnings,
    effect: ok ? { aliases, handover } : null,
  }
}

const LEVELS = ['MN', 'TH', 'THCS', 'THPT', 'GDTX']
