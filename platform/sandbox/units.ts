// Real administrative units of Thanh Hóa, read from the national list in data/.
import { readFileSync } from 'node:fs'

export interface Unit {
  code: string
  name: string
  nameEn: string
  fullName: string
  fullNameEn: string
}

interface RawUnit {
  Code: string
  Name: string
  NameEn: string
  FullName: string
  FullNameEn: string
  Wards?: RawUnit[]
}

export const PROVINCE_CODE = '38'

let read: { province: Unit; communes: Map<string, Unit> } | undefined

const unitOf = (raw: RawUnit): Unit => ({
  code: raw.Code,
  name: raw.Name.normalize('NFC'),
  nameEn: raw.NameEn,
  fullName: raw.FullName.normalize('NFC'),
  fullNameEn: raw.FullNameEn,
})

export function thanhHoa(): { province: Unit; communes: Map<string, Unit> } {
  if (read) return read
  const provinces = JSON.parse(readFileSync(new URL('./data/vn-administrative-units.json', import.meta.url), 'utf8')) as RawUnit[]
  const raw = provinces.find((province) => province.Code === PROVINCE_CODE)
  if (!raw) throw new Error(`the list of administrative units has no province ${PROVINCE_CODE}`)
  read = { province: unitOf(raw), communes: new Map((raw.Wards ?? []).map((ward) => [ward.Code, unitOf(ward)])) }
  return read
}

export function getCommune(code: string): Unit {
  const commune = thanhHoa().communes.get(code)
  if (!commune) throw new Error(`the list of administrative units has no commune ${code} in Thanh Hóa`)
  return commune
}
