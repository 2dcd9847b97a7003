// The synthetic schools of one sandbox tenant: a primary and a lower secondary school, small, the same at every reset.
import { HOLDERS_OF_SCHOOLS } from '../../subgraphs/kernel/subgraphs.ts'
import type { TableRows, TenantRows, TenantToFill } from '../../subgraphs/kernel/tenant.ts'
import { makeAuthorities } from './authorities.ts'
import { ENROLLED_ON, makeCalendar } from './calendar.ts'
import { tablesOf } from './load.ts'
import { makeMarks } from './marks.ts'
import type { AgreementRow, SandboxProvince, SchoolRow } from './model.ts'
import { Numbers } from './numbers.ts'
import { makePupils } from './pupils.ts'
import { IdMint, Random } from './random.ts'
import { makeClasses, type SchoolPlan } from './schools.ts'
import { SANDBOX_SEED } from './seed.ts'
import { makeStaffing } from './staff.ts'
import { makeSubjects } from './subjects.ts'
import { TENANT_SCOPES } from '../../subgraphs/identity/registry/sandbox-scopes.ts'

type Plan = Pick<SchoolPlan, 'levels' | 'classes'> & { readonly name: string; readonly nameEn: string }

/** Two levels and two regulations: comments in primary school (TT27/2020), marks in lower secondary (TT22/2021). */
const PLANS: readonly Plan[] = [
  { levels: ['TH'], classes: { TH: [1, 0, 0, 1, 0] }, name: 'Trường Tiểu học thử nghiệm', nameEn: 'Sandbox Primary School' },
  { levels: ['THCS'], classes: { THCS: [1, 0, 0, 1] }, name: 'Trường THCS thử nghiệm', nameEn: 'Sandbox Lower Secondary School' },
]
/** Administrative units are public; the schools in it are not there. */
const COMMUNE = '14797'
/** No province has the number 00, so no code of a person here is anybody's. */
const NO_PROVINCE = '00'
/** A developer comes back after a year: the sandbox's agreements outlast a school year, as far as an agreement may. */
const VALIDITY = { validFrom: '2026-08-01', validTo: '2036-07-31' }

/** The calendar and the subjects are the province's, under the province's ids: every tenant reads them, none has its own. */
function commonLists() {
  const ids = new IdMint(SANDBOX_SEED)
  const [department] = makeAuthorities(ids)
  const { year, terms } = makeCalendar(ids, department!.id)
  return { year, terms, ...makeSubjects(ids) }
}

export function generateTenant({ id, token, applicationId, schoolIds, createdAt }: TenantToFill): TenantRows {
  const seed = `tenant/${id}`
  const ids = new IdMint(seed)
  const stream = (name: string) => new Random(seed, name)
  const numbers = new Numbers(stream('numbers'), NO_PROVINCE)
  const { year, terms, subjects, offerings } = commonLists()
  const authority = {
    id: ids.next(),
    code: `SB${token}`,
    name: `Cơ quan quản lý thử nghiệm ${token}`,
    name_en: `Sandbox authority ${token}`,
    valid_from: '2025-07-01',
  }
  const schools = PLANS.map(({ name, nameEn, levels }, place): SchoolRow => ({
    id: schoolIds[place]!,
    key: `sandbox-${place + 1}`,
    code: `SB${token}${place + 1}`,
    name: `${name} ${token}`,
    nameEn: `${nameEn} ${token}`,
    levels,
    ownership: 'PUBLIC',
    communeCode: COMMUNE,
    address: 'Dữ liệu giả lập, không có thật',
  }))
  const classes = makeClasses(ids, schools, year.id, PLANS)
  const { staff, homerooms, assignments } = makeStaffing(
    { ids, random: stream('staff'), numbers, offerings, terms },
    schools,
    classes,
  )
  const { students, enrolments, guardians } = makePupils({ ids, random: stream('pupils'), numbers }, schools, classes, {
    move: false,
  })
  const agreements = schools.map((school): AgreementRow => ({
    id: ids.next(),
    applicationId,
    schoolId: school.id,
    version: 1,
    purpose: 'SCHOOL_MANAGEMENT',
    scopes: [...TENANT_SCOPES],
    levels: school.levels,
    signedByStaffId: staff.find((person) => person.schoolId === school.id && person.role === 'PRINCIPAL')!.id,
    signedAt: `${ENROLLED_ON}T02:00:00Z`,
    ...VALIDITY,
  }))
  const marks = makeMarks(ids, stream('marks'), {
    today: createdAt,
    terms,
    subjects,
    offerings,
    classes,
    students,
    enrolments,
    assignments,
    agreements,
  })
  const tenant: SandboxProvince = {
    province: { code: NO_PROVINCE, name: '', nameEn: '' },
    authorities: [],
    schoolYears: [year],
    terms,
    subjects,
    subjectOfferings: offerings,
    schools,
    oversights: [],
    classes,
    staff,
    homeroomAssignments: homerooms,
    teachingAssignments: assignments,
    students,
    enrolments,
    guardians,
    vendors: [],
    applications: [],
    approvals: [],
    agreements,
    accounts: [],
    marks,
    brandnames: [],
    contactBookPlans: [],
    consents: [],
    subscriptions: [],
    messages: [],
  }
  const tables = tablesOf(tenant, seed)
  // What belongs to no school (subjects, the calendar, the codes) is not a tenant's to write; what opens the schools, the registry publishes.
  const ofSchema = (schema: string): TableRows[] =>
    tables.flatMap(([name, rows]) => {
      const [of, table] = name.split('.') as [string, string]
      return of === schema && rows[0] && 'school_id' in rows[0] ? [{ table, rows }] : []
    })
  return {
    authority,
    schools: schools.map((school) => ({ id: school.id, code: school.code })),
    tables: Object.fromEntries(HOLDERS_OF_SCHOOLS.map((schema) => [schema, ofSchema(schema)])) as unknown as TenantRows['tables'],
  }
}
