// Who manages the schools: the Sở, the communes since 1/7/2025, and the district offices before them.
import type { IdMint } from './random.ts'
import type { AuthorityRow, Day, OversightRow, SchoolRow } from './model.ts'
import { COMMUNES } from './schools.ts'
import { getCommune, thanhHoa } from './units.ts'

/** The sandbox's records begin here; no claim about when an office was founded. */
const RECORDS_BEGIN = '2010-01-01'
/** Districts ended with June 2025; the commune People's Committees took their schools the next day. */
const LAST_DAY_OF_DISTRICTS = '2025-06-30'
const FIRST_DAY_OF_COMMUNES = '2025-07-01'

const DISTRICTS = {
  '380': { name: 'Phòng Giáo dục và Đào tạo thành phố Thanh Hóa', nameEn: 'Education Office of Thanh Hoa City' },
  '399': { name: 'Phòng Giáo dục và Đào tạo huyện Hoằng Hóa', nameEn: 'Education Office of Hoang Hoa District' },
} as const

const committeeOf = (fullName: string): string => `Ủy ban nhân dân ${fullName.charAt(0).toLowerCase()}${fullName.slice(1)}`

export function makeAuthorities(ids: IdMint): AuthorityRow[] {
  const department: AuthorityRow = {
    id: ids.next(),
    code: 'SGDDT-38',
    kind: 'DEPARTMENT',
    name: 'Sở Giáo dục và Đào tạo Thanh Hóa',
    nameEn: 'Thanh Hoa Department of Education and Training',
    parentId: null,
    unitCode: thanhHoa().province.code,
    validFrom: RECORDS_BEGIN,
    validTo: null,
  }
  const communes = Object.keys(COMMUNES).map((code): AuthorityRow => {
    const commune = getCommune(code)
    return {
      id: ids.next(),
      code: `UBND-${code}`,
      kind: 'COMMUNE',
      name: committeeOf(commune.fullName),
      nameEn: `People's Committee of ${commune.fullNameEn}`,
      parentId: department.id,
      unitCode: code,
      validFrom: FIRST_DAY_OF_COMMUNES,
      validTo: null,
    }
  })
  const districts = Object.entries(DISTRICTS).map(([code, district]): AuthorityRow => ({
    id: ids.next(),
    code: `PGDDT-${code}`,
    kind: 'DISTRICT_OFFICE',
    ...district,
    parentId: department.id,
    unitCode: null,
    validFrom: RECORDS_BEGIN,
    validTo: LAST_DAY_OF_DISTRICTS,
  }))
  return [department, ...communes, ...districts]
}

/** Preschool to lower secondary passed from the Phòng to the commune; upper secondary and GDTX were the Sở's all along. */
export function makeOversights(ids: IdMint, schools: readonly SchoolRow[], authorities: readonly AuthorityRow[]): OversightRow[] {
  const byCode = new Map(authorities.map((authority) => [authority.code, authority.id]))
  const authorityId = (code: string): string => {
    const id = byCode.get(code)
    if (!id) throw new Error(`no authority ${code}`)
    return id
  }
  return schools.flatMap((school): OversightRow[] => {
    const row = (kind: OversightRow['kind'], code: string, validFrom: Day, validTo: Day | null): OversightRow => ({
      id: ids.next(),
      schoolId: school.id,
      authorityId: authorityId(code),
      kind,
      validFrom,
      validTo,
    })
    const professional = row('PROFESSIONAL', 'SGDDT-38', RECORDS_BEGIN, null)
    if (school.levels.includes('THPT') || school.levels.includes('GDTX')) {
      return [professional, row('MANAGING', 'SGDDT-38', RECORDS_BEGIN, null)]
    }
    return [
      professional,
      row('MANAGING', `PGDDT-${COMMUNES[school.communeCode]}`, RECORDS_BEGIN, LAST_DAY_OF_DISTRICTS),
      row('MANAGING', `UBND-${school.communeCode}`, FIRST_DAY_OF_COMMUNES, null),
    ]
  })
}
