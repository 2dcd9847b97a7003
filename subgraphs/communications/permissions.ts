// Who may see what of the contact book. The scope directives of the SDL and the shield tree both derive from this.
import { authenticated, fields, needsOneOf, type Permissions } from '../kernel/permissions.ts'

// Vendors, schools and teachers read their own messages; officers supervise those of the schools below them (R8).
const contactBook = needsOneOf('message.read', 'message.supervise')

export const permissions: Permissions = {
  School: { ...fields(authenticated, 'id'), ...fields(contactBook, 'contactBookPlans', 'brandnames') },
  Student: { ...fields(authenticated, 'schoolId', 'id'), ...fields(contactBook, 'messages', 'subscription') },
  ContactBookPlan: fields(
    contactBook,
    'id',
    'name',
    'application',
    'feePerMonth',
    'messagesPerMonth',
    'usesBrandname',
    'validFrom',
    'validTo',
    'version',
    'updatedAt',
  ),
  Brandname: fields(contactBook, 'id', 'name', 'status', 'validFrom', 'validTo', 'version', 'updatedAt'),
  ContactBookSubscription: fields(contactBook, 'id', 'plan', 'since', 'until', 'version', 'updatedAt'),
  Message: fields(contactBook, 'id', 'category', 'channel', 'body', 'parts', 'sentAt', 'deliveryState', 'application'),
  Application: fields(authenticated, 'id'),
}
