// Storage of the registry: vendors, applications, approvals, accounts, agreements, and what the authorization server remembers.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, instant, schoolKey, texts } from '../../kernel/entity-kit.ts'
import { signInEntities } from '../people/entities.ts'
import { consentEntities } from './consent-entities.ts'
import { registryEntities } from './registry-entities.ts'

const schema = 'identity'

export const VendorEntity = defineEntity({
  name: 'identity.Vendor',
  tableName: 'vendor',
  schema,
  properties: {
    id: p.uuid().primary(),
    code: p.text().unique('vendor_code_unique'),
    legalName: p.text(),
    taxCode: p.text().unique('vendor_tax_code_unique'),
    contactEmail: p.text(),
    dataProtectionOfficer: p.text(),
    dataProtectionOfficerEmail: p.text().nullable(),
    contactName: p.text().nullable(),
    contactPhone: p.text().nullable(),
    tenantId: p.uuid().nullable(),
    ...envelope(),
  },
})

export const ApplicationEntity = defineEntity({
  name: 'identity.Application',
  tableName: 'application',
  schema,
  properties: {
    id: p.uuid().primary(),
    vendor: () =>
      p.manyToOne(VendorEntity).foreignKeyName('application_of_vendor').updateRule('no action').index('application_by_vendor'),
    code: p.text().unique('application_code_unique'),
    name: p.text(),
    kind: p.text(),
    environment: p.text(),
    status: p.text(),
    tokenBinding: p.text().default('OPTIONAL'),
    tokenBindingOrdered: p.boolean().default(false),
    tenantId: p.uuid().nullable(),
    ...envelope(),
  },
})

export const ApprovalEntity = defineEntity({
  name: 'identity.Approval',
  tableName: 'approval',
  schema,
  properties: {
    id: p.uuid().primary(),
    application: () =>
      p
        .manyToOne(ApplicationEntity)
        .foreignKeyName('approval_of_application')
        .updateRule('no action')
        .index('approval_by_application'),
    decisionNumber: p.text(),
    certificateNumber: p.text().nullable(),
    scopes: texts(),
    validFrom: p.date(),
    validTo: p.date(),
    decidedAt: instant(),
    decidedBy: p.uuid().nullable(),
    supersededFrom: p.date().nullable(),
    version: p.integer().default(1),
  },
})

export const AccountEntity = defineEntity({
  name: 'identity.Account',
  tableName: 'account',
  schema,
  properties: {
    id: p.uuid().primary(),
    email: p.text().unique('account_email_unique'),
    displayName: p.text(),
    role: p.text(),
    authorityId: p.uuid().nullable(),
    scopes: texts(),
    status: p.text(),
    organisation: p.text().nullable(),
    vendor: () =>
      p
        .manyToOne(VendorEntity)
        .nullable()
        .foreignKeyName('account_speaks_for_vendor')
        .updateRule('no action')
        .deleteRule('no action')
        .index('account_by_vendor'),
    updatedAt: instant(),
  },
})

export const AgreementEntity = defineEntity({
  name: 'identity.Agreement',
  tableName: 'agreement',
  schema,
  indexes: [{ name: 'agreement_by_application', properties: ['applicationId', 'schoolId', 'id'] }],
  properties: {
    ...schoolKey(),
    applicationId: p.uuid(),
    purpose: p.text(),
    scopes: texts(),
    signedByStaffId: p.uuid(),
    signedAt: instant(),
    validFrom: p.date(),
    validTo: p.date(),
    endedAt: instant().nullable(),
    levels: texts(),
    schoolYears: texts(),
    endedAs: p.text().nullable(),
    endReason: p.text().nullable(),
    ...envelope(),
  },
})

export const OidcPayloadEntity = defineEntity({
  name: 'identity.OidcPayload',
  tableName: 'oidc_payload',
  schema,
  indexes: [{ name: 'oidc_payload_by_expiry', properties: ['expiresAt'] }],
  properties: {
    model: p.text().primary(),
    id: p.text().primary(),
    payload: p.json<unknown>().columnType('jsonb'),
    grantId: p.text().nullable(),
    userCode: p.text().nullable(),
    uid: p.text().nullable(),
    consumedAt: instant().nullable(),
    expiresAt: instant().nullable(),
  },
})

export const entities: EntitySchema[] = [
  VendorEntity,
  ApplicationEntity,
  ApprovalEntity,
  AccountEntity,
  AgreementEntity,
  OidcPayloadEntity,
  ...registryEntities,
  ...consentEntities,
  ...signInEntities,
]
