// The explorer's words: Vietnamese first, English beside it.
import type { ReactNode } from 'react'

export function Both({ vi, en }: { readonly vi: ReactNode; readonly en: ReactNode }): ReactNode {
  return (
    <>
      <span className="vi">{vi}</span>{' '}
      <span className="en" lang="en">
        {en}
      </span>
    </>
  )
}

interface RoleWords {
  readonly vi: string
  readonly en: string
  readonly groupVi: string
  readonly groupEn: string
}

/** In this order the parties are listed. */
export const ROLES: Readonly<Record<string, RoleWords>> = {
  APPLICATION: { vi: 'Ứng dụng của nhà cung cấp', en: 'Vendor application', groupVi: 'Ứng dụng', groupEn: 'Applications' },
  AUTHORITY_OFFICER: {
    vi: 'Cán bộ cơ quan quản lý',
    en: 'Authority officer',
    groupVi: 'Cơ quan quản lý',
    groupEn: 'Authorities',
  },
  COMPLIANCE_OFFICER: {
    vi: 'Cán bộ giám sát tuân thủ',
    en: 'Compliance officer',
    groupVi: 'Giám sát tuân thủ',
    groupEn: 'Compliance',
  },
  PRINCIPAL: { vi: 'Hiệu trưởng', en: 'Principal', groupVi: 'Hiệu trưởng', groupEn: 'Principals' },
  TEACHER: { vi: 'Giáo viên', en: 'Teacher', groupVi: 'Giáo viên', groupEn: 'Teachers' },
  DEVELOPER: { vi: 'Người phát triển', en: 'Developer', groupVi: 'Người phát triển', groupEn: 'Developers' },
}

export const roleWords = (role: string): RoleWords => ROLES[role] ?? { vi: role, en: role, groupVi: role, groupEn: role }
export const schoolsVi = (count: number): string => `${count} trường`
export const schoolsEn = (count: number): string => `${count} ${count === 1 ? 'school' : 'schools'}`
