// The administrative units in force, as `schema/codes/administrative-unit.json` holds them: provinces and their communes.
import units from '../../../schema/codes/administrative-unit.json' with { type: 'json' }
import type { CodeOfList } from './code-lists.ts'

export const PROVINCES: readonly CodeOfList[] = units.provinces.map(({ code, name, nameEn }) => ({ code, name, nameEn }))

const COMMUNES: ReadonlyMap<string, readonly CodeOfList[]> = new Map(
  units.provinces.map(({ code, communes }) => [code, communes]),
)
const PROVINCE_OF: ReadonlyMap<string, string> = new Map(
  units.provinces.flatMap(({ code, communes }) => communes.map((commune) => [commune.code, code] as const)),
)

export const communesOf = (province: string): readonly CodeOfList[] => COMMUNES.get(province) ?? []

/** Null for a code that the list in force does not hold. */
export const provinceOfCommune = (code: string): string | null => PROVINCE_OF.get(code) ?? null

export const isCommune = (code: string): boolean => PROVINCE_OF.has(code)
