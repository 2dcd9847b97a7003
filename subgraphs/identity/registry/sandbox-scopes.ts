// What the application of a sandbox tenant may do in its own synthetic schools.
import type { Scope } from '../../kernel/scopes.ts'

/** Everything that a product may ever be approved for; nothing of the offices that decide about products and schools. */
export const TENANT_SCOPES: readonly Scope[] = [
  'identity.read',
  'school.read',
  'school.write',
  'student.basic.read',
  'student.basic.write',
  'student.sensitive.read',
  'student.sensitive.write',
  'guardian.contact.read',
  'guardian.contact.write',
  'staff.read',
  'staff.write',
  'health.read',
  'health.write',
  'gradebook.read',
  'gradebook.write',
  'attendance.read',
  'attendance.write',
  'message.read',
  'message.send',
  'consent.write',
  'report.read',
  'report.submit',
  'change.read',
  'webhook.manage',
]
