// People who sign in: the Sở, one commune, compliance, three principals and the teachers of two schools.
import type { IdMint, Random } from './random.ts'
import type { AccountRow, AuthorityRow, SchoolRow, StaffRow } from './model.ts'
import { drawName } from './names.ts'

/** Principals sign in at these schools; all teachers at the first two. */
export const SIGNED_IN_SCHOOLS = ['thpt-hac-thanh', 'thcs-hac-thanh', 'thpt-nguyet-vien'] as const
const TEACHERS_SIGN_IN_AT: readonly string[] = SIGNED_IN_SCHOOLS.slice(0, 2)

const SCOPES = {
  DEPARTMENT: [
    'identity.read',
    'school.read',
    'school.write',
    'staff.read',
    'report.read',
    'report.approve',
    'message.supervise',
    'vendor.approve',
    // To let a pupil go to another school where the school itself does not.
    'student.basic.write',
  ],
  COMMUNE: [
    'identity.read',
    'school.read',
    'staff.read',
    'report.read',
    'report.approve',
    'message.supervise',
    'student.basic.write',
  ],
  COMPLIANCE: ['identity.read', 'audit.read', 'access.review'],
  PRINCIPAL: [
    'identity.read',
    'school.read',
    'school.write',
    'student.basic.read',
    'student.basic.write',
    'staff.read',
    'gradebook.read',
    'gradebook.approve',
    'attendance.read',
    'message.read',
    'report.read',
    'report.submit',
    'consent.write',
  ],
  TEACHER: [
    'school.read',
    'student.basic.read',
    'gradebook.read',
    'gradebook.write',
    'attendance.read',
    'attendance.write',
    'message.read',
    'message.send',
  ],
}

export function makeAccounts(
  ids: IdMint,
  random: Random,
  authorities: readonly AuthorityRow[],
  schools: readonly SchoolRow[],
  staff: readonly StaffRow[],
): AccountRow[] {
  const authority = (code: string): string => {
    const found = authorities.find((candidate) => candidate.code === code)
    if (!found) throw new Error(`no authority ${code}`)
    return found.id
  }
  const officer = (mailbox: string, role: AccountRow['role'], authorityId: string, scopes: readonly string[]): AccountRow => ({
    id: ids.next(),
    email: `${mailbox}@thanhhoa.example`,
    fullName: drawName(random, random.chance(0.5) ? 'FEMALE' : 'MALE', 'ADULT').fullName,
    role,
    authorityId,
    schoolId: null,
    staffId: null,
    scopes: [...scopes],
  })
  const accounts = [
    officer('can-bo-so', 'AUTHORITY_OFFICER', authority('SGDDT-38'), SCOPES.DEPARTMENT),
    officer('can-bo-hac-thanh', 'AUTHORITY_OFFICER', authority('UBND-14797'), SCOPES.COMMUNE),
    officer('tuan-thu', 'COMPLIANCE_OFFICER', authority('SGDDT-38'), SCOPES.COMPLIANCE),
  ]
  for (const school of schools) {
    if (!(SIGNED_IN_SCHOOLS as readonly string[]).includes(school.key)) continue
    for (const person of staff) {
      if (person.schoolId !== school.id || person.status !== 'WORKING' || person.role === 'DEPUTY') continue
      if (person.role === 'TEACHER' && !TEACHERS_SIGN_IN_AT.includes(school.key)) continue
      accounts.push({
        id: ids.next(),
        // The Ministry's code, not the name: two teachers of one name must not share a mailbox.
        email: `${person.role === 'PRINCIPAL' ? 'hieu-truong' : person.code}@${school.key}.example`,
        fullName: person.fullName,
        role: person.role,
        authorityId: null,
        schoolId: school.id,
        staffId: person.id,
        scopes: [...SCOPES[person.role]],
      })
    }
  }
  return accounts
}
