// The form of the contact-book report (báo cáo việc triển khai sổ liên lạc điện tử): its lines and its sums.

export const CONTACT_BOOK_TITLE = 'BÁO CÁO VIỆC TRIỂN KHAI SỔ LIÊN LẠC ĐIỆN TỬ'
export const SIGNATURE_TITLE = 'Thủ trưởng đơn vị (Ký, ghi rõ họ tên)'

export interface ReportedSchool {
  readonly schoolId: string
  readonly name: string
  readonly levels: readonly string[]
}

export interface ReportedPlan {
  readonly schoolId: string
  readonly providerName: string | null
  readonly feePerMonth: number
  readonly messagesPerMonth: number
  readonly usesSmsBrandname: boolean
  readonly registeredStudents: number
}

export interface ContactBookLine {
  ordinal: number
  school: { id: string }
  schoolName: string
  levels: string
  deployed: boolean
  providerName: string | null
  registeredStudents: number
  feePerStudentPerMonth: number | null
  messagesPerSubscriberPerMonth: number | null
  usesSmsBrandname: boolean | null
}

export interface ContactBookTotals {
  schools: number
  schoolsDeployed: number
  schoolsWithSmsBrandname: number
  registeredStudents: number
}

export const levelsText = (levels: readonly string[]): string => levels.join(', ')

/**
 * Schools in the order given, each with a line for every plan: fee, quota and provider are a plan's, and neither a sum nor
 * a mean of two of them would be true of anybody. A school without a plan keeps its line, because the form asks who has
 * not begun.
 */
export function contactBookLines(schools: readonly ReportedSchool[], plans: readonly ReportedPlan[]): ContactBookLine[] {
  const plansOf = Map.groupBy(plans, ({ schoolId }) => schoolId)
  const lines = schools.flatMap(({ schoolId, name, levels }) =>
    (plansOf.get(schoolId) ?? [null]).map((plan) => ({
      school: { id: schoolId },
      schoolName: name,
      levels: levelsText(levels),
      deployed: plan !== null,
      providerName: plan?.providerName ?? null,
      registeredStudents: plan?.registeredStudents ?? 0,
      feePerStudentPerMonth: plan?.feePerMonth ?? null,
      messagesPerSubscriberPerMonth: plan?.messagesPerMonth ?? null,
      usesSmsBrandname: plan?.usesSmsBrandname ?? null,
    })),
  )
  return lines.map((line, index) => ({ ordinal: index + 1, ...line }))
}

export function contactBookTotals(lines: readonly ContactBookLine[]): ContactBookTotals {
  const schoolsOf = (some: readonly ContactBookLine[]): number => new Set(some.map(({ school }) => school.id)).size
  return {
    schools: schoolsOf(lines),
    schoolsDeployed: schoolsOf(lines.filter(({ deployed }) => deployed)),
    schoolsWithSmsBrandname: schoolsOf(lines.filter(({ usesSmsBrandname }) => usesSmsBrandname === true)),
    registeredStudents: lines.reduce((sum, line) => sum + line.registeredStudents, 0),
  }
}
