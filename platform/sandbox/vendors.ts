// Five vendors and their products: what the Sở approved, and which school agreed to what.
//
// Company and product names are public; every number, mailbox and person beside them is invented.
import type { IdMint, Random } from './random.ts'
import type { AgreementRow, ApplicationRow, ApprovalRow, SchoolRow, StaffRow, VendorRow } from './model.ts'
import { at } from './calendar.ts'
import { drawName } from './names.ts'
import { SCHOOL_PLANS } from './schools.ts'

/**
 * What a school-management product does for a school: it keeps the whole roster, families too, whom it does not read without their
 * consent. No sensitive data, no health, no province reports: these the Sở approves one by one.
 */
const MANAGEMENT_SCOPES = [
  'identity.read',
  'school.read',
  'school.write',
  'student.basic.read',
  'student.basic.write',
  'guardian.contact.write',
  'staff.read',
  'staff.write',
  'gradebook.read',
  'gradebook.write',
  'attendance.read',
  'attendance.write',
  'message.read',
  'message.send',
  'change.read',
  'webhook.manage',
]
const CONTACT_BOOK_SCOPES = [
  'identity.read',
  'school.read',
  'student.basic.read',
  'guardian.contact.read',
  'consent.write',
  'message.read',
  'message.send',
  'gradebook.read',
]

interface Product {
  vendor: { code: string; legalName: string; nameEn: string; taxSerial: number }
  application: Pick<ApplicationRow, 'code' | 'name' | 'kind'>
  decision: string
  scopes: readonly string[]
}

const PRODUCTS: readonly Product[] = [
  {
    vendor: { code: 'viettel', legalName: 'Tập đoàn Công nghiệp – Viễn thông Quân đội', nameEn: 'Viettel Group', taxSerial: 11 },
    application: { code: 'smas', name: 'SMAS', kind: 'SCHOOL_MANAGEMENT' },
    decision: '0611',
    scopes: MANAGEMENT_SCOPES,
  },
  {
    vendor: { code: 'vnpt', legalName: 'Tập đoàn Bưu chính Viễn thông Việt Nam', nameEn: 'VNPT Group', taxSerial: 22 },
    application: { code: 'vnedu', name: 'vnEdu', kind: 'SCHOOL_MANAGEMENT' },
    decision: '0612',
    scopes: MANAGEMENT_SCOPES,
  },
  {
    vendor: {
      code: 'quang-ich',
      legalName: 'Công ty Cổ phần Công nghệ Quảng Ích',
      nameEn: 'Quang Ich Technology JSC',
      taxSerial: 33,
    },
    application: { code: 'enetviet', name: 'eNetViet', kind: 'CONTACT_BOOK' },
    decision: '0613',
    scopes: CONTACT_BOOK_SCOPES,
  },
  {
    vendor: { code: 'misa', legalName: 'Công ty Cổ phần MISA', nameEn: 'MISA JSC', taxSerial: 44 },
    application: { code: 'misa-emis', name: 'MISA EMIS', kind: 'SCHOOL_MANAGEMENT' },
    decision: '0614',
    scopes: MANAGEMENT_SCOPES,
  },
  {
    vendor: { code: 'vietschool', legalName: 'Công ty Cổ phần Vietschool', nameEn: 'Vietschool JSC', taxSerial: 55 },
    application: { code: 'vietschool', name: 'Vietschool', kind: 'SCHOOL_MANAGEMENT' },
    decision: '0615',
    // Approved without messages: what an agreement says beyond this has no effect.
    scopes: MANAGEMENT_SCOPES.filter((scope) => !scope.startsWith('message.')),
  },
]

export interface Vendors {
  vendors: VendorRow[]
  applications: ApplicationRow[]
  approvals: ApprovalRow[]
}

export function makeVendors(ids: IdMint, random: Random, departmentId: string): Vendors {
  const result: Vendors = { vendors: [], applications: [], approvals: [] }
  for (const { vendor, application, decision, scopes } of PRODUCTS) {
    const vendorId = ids.next()
    const host = `${vendor.code}.example`
    result.vendors.push({
      id: vendorId,
      code: vendor.code,
      legalName: vendor.legalName,
      nameEn: vendor.nameEn,
      taxCode: String(vendor.taxSerial).padStart(10, '0'),
      contactEmail: `ket-noi@${host}`,
      dataProtectionOfficer: {
        name: drawName(random, random.chance(0.5) ? 'FEMALE' : 'MALE', 'ADULT').fullName,
        email: `dpo@${host}`,
      },
      certificates: [
        { kind: 'ISO/IEC 27001:2022', number: `LT-ISMS-${decision}`, issuedOn: '2025-03-10', validTo: '2028-03-09' },
        { kind: 'HTTT cấp độ 3', number: `LT-CD3-${decision}`, issuedOn: '2025-06-16', validTo: '2027-06-15' },
      ],
    })
    const applicationId = ids.next()
    result.applications.push({
      id: applicationId,
      vendorId,
      ...application,
      environment: 'SANDBOX',
      requestedScopes: [...scopes],
    })
    result.approvals.push({
      id: ids.next(),
      applicationId,
      authorityId: departmentId,
      decisionNumber: `${decision}/QĐ-SGDĐT`,
      certificateNumber: `LT-HQ-2026-${decision}`,
      scopes: [...scopes],
      decidedOn: '2026-06-15',
      validFrom: '2026-07-01',
      validTo: '2029-06-30',
    })
  }
  return result
}

/** Each school signs for one management product and some for the contact book; nobody's agreement reaches every school. */
export function makeAgreements(
  ids: IdMint,
  random: Random,
  applications: readonly ApplicationRow[],
  approvals: readonly ApprovalRow[],
  schools: readonly SchoolRow[],
  staff: readonly StaffRow[],
): AgreementRow[] {
  const agreements: AgreementRow[] = []
  const approvedScopes = new Map(approvals.map((approval) => [approval.applicationId, approval.scopes]))
  schools.forEach((school, index) => {
    const plan = SCHOOL_PLANS[index]
    const principal = staff.find((person) => person.schoolId === school.id && person.role === 'PRINCIPAL')
    if (!plan || !principal) throw new Error(`school ${school.key} has no plan or no principal`)
    const sign = (code: ApplicationRow['code'], without: readonly string[], dates?: { from: string; to: string }) => {
      const application = applications.find((candidate) => candidate.code === code)
      if (!application) throw new Error(`no application ${code}`)
      const scopes = (approvedScopes.get(application.id) ?? []).filter((scope) => !without.includes(scope))
      const validFrom = dates?.from ?? '2026-08-20'
      agreements.push({
        id: ids.next(),
        applicationId: application.id,
        schoolId: school.id,
        version: 1,
        purpose: application.kind,
        scopes,
        levels: [...school.levels],
        signedByStaffId: principal.id,
        signedAt: at(dates ? '2025-08-12' : `2026-08-${random.between(10, 19)}`, random.between(8, 16), random.between(0, 59)),
        validFrom,
        validTo: dates?.to ?? '2027-08-19',
      })
    }
    // This school changed its product in the summer: the former vendor's agreement has run out.
    if (plan.key === 'thcs-hoang-giang') sign('vnedu', [], { from: '2025-08-15', to: '2026-07-31' })
    if (plan.product) {
      const without: string[] = []
      // With a contact book in the house, messages are that product's business alone.
      if (plan.contactBook) without.push('message.send')
      // Narrower than the approval: preschools keep no marks, and one school lets its product read marks but not write them.
      if (plan.levels.includes('MN')) without.push('gradebook.read', 'gradebook.write')
      if (plan.key === 'thcs-nguyet-vien') without.push('gradebook.write')
      sign(plan.product, without)
    }
    if (plan.contactBook) sign('enetviet', plan.levels.includes('MN') || plan.key === 'thcs-hoang-phu' ? ['gradebook.read'] : [])
  })
  return agreements
}
