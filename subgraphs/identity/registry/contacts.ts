// Who is told the people behind a vendor. The register is open; a name, a mailbox and a telephone are personal data (Law 91/2025/QH15).
import type { Viewer } from '../../kernel/viewer.ts'

interface Contacts {
  readonly id: string
  contactEmail: string | null
  contactName: string | null
  contactPhone: string | null
  dataProtectionOfficer: string | null
  dataProtectionOfficerEmail: string | null
}

/** People who supervise vendors or decide about them, signed in personally. A product that acts for one of them is still a product. */
const TOLD: readonly Viewer['role'][] = ['AUTHORITY_OFFICER', 'COMPLIANCE_OFFICER', 'PRINCIPAL']

/** A developer is shown no vendor but own ones: the policies of the table see to that. */
function isTold({ vendorId, applicationId, role }: Viewer, ofVendor: string): boolean {
  if (vendorId === ofVendor) return true
  return applicationId === null && (TOLD.includes(role) || role === 'DEVELOPER')
}

const NOBODY = {
  contactEmail: null,
  contactName: null,
  contactPhone: null,
  dataProtectionOfficer: null,
  dataProtectionOfficerEmail: null,
} as const

export const asSeenBy = <V extends Contacts>(viewer: Viewer, vendor: V): V =>
  isTold(viewer, vendor.id) ? vendor : { ...vendor, ...NOBODY }
