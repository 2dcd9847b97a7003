// Storage of registration and agreement: certificates, requests, keys, proposals, former terms, events.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { instant, schoolKey, texts } from '../../kernel/entity-kit.ts'

const schema = 'identity'

export const VendorCertificateEntity = defineEntity({
  name: 'identity.VendorCertificate',
  tableName: 'vendor_certificate',
  schema,
  properties: {
    vendorId: p.uuid().primary(),
    kind: p.text().primary(),
    number: p.text().primary(),
    issuedOn: p.date(),
    validTo: p.date(),
  },
})

export const ScopeRequestEntity = defineEntity({
  name: 'identity.ScopeRequest',
  tableName: 'scope_request',
  schema,
  properties: {
    applicationId: p.uuid().primary(),
    scope: p.text().primary(),
    purpose: p.text(),
    requestedAt: instant(),
    granted: p.boolean().nullable(),
  },
})

export const CredentialEntity = defineEntity({
  name: 'identity.Credential',
  tableName: 'credential',
  schema,
  uniques: [{ name: 'credential_thumbprint_unique', properties: ['applicationId', 'thumbprint'] }],
  properties: {
    id: p.uuid().primary(),
    applicationId: p.uuid(),
    thumbprint: p.text(),
    jwk: p.json<unknown>().columnType('jsonb'),
    registeredAt: instant(),
    expiresAt: instant().nullable(),
    revokedAt: instant().nullable(),
  },
})

const terms = () => ({
  purpose: p.text(),
  scopes: texts(),
  levels: texts(),
  schoolYears: texts(),
  validFrom: p.date(),
  validTo: p.date(),
})

export const AgreementProposalEntity = defineEntity({
  name: 'identity.AgreementProposal',
  tableName: 'agreement_proposal',
  schema,
  indexes: [{ name: 'agreement_proposal_by_application', properties: ['applicationId', 'schoolId', 'id'] }],
  properties: {
    ...schoolKey(),
    agreementId: p.uuid(),
    applicationId: p.uuid(),
    version: p.integer(),
    state: p.text(),
    ...terms(),
    proposedAt: instant(),
    decidedAt: instant().nullable(),
    reason: p.text().nullable(),
  },
})

export const AgreementVersionEntity = defineEntity({
  name: 'identity.AgreementVersion',
  tableName: 'agreement_version',
  schema,
  properties: {
    schoolId: p.uuid().primary(),
    agreementId: p.uuid().primary(),
    version: p.integer().primary(),
    applicationId: p.uuid(),
    ...terms(),
    signedByStaffId: p.uuid(),
    signedAt: instant(),
    replacedAt: instant(),
  },
})

const actor = () => ({ clientId: p.text(), accountId: p.uuid().nullable(), partyName: p.text() })

export const RegistryEventEntity = defineEntity({
  name: 'identity.RegistryEvent',
  tableName: 'registry_event',
  schema,
  properties: {
    id: p.uuid().primary(),
    at: instant(),
    subject: p.text(),
    vendorId: p.uuid(),
    applicationId: p.uuid().nullable(),
    act: p.text(),
    fromState: p.text().nullable(),
    toState: p.text().nullable(),
    reason: p.text().nullable(),
    decisionNumber: p.text().nullable(),
    tenantId: p.uuid().nullable(),
    ...actor(),
  },
})

export const SchoolEventEntity = defineEntity({
  name: 'identity.SchoolEvent',
  tableName: 'school_event',
  schema,
  properties: {
    ...schoolKey(),
    at: instant(),
    subject: p.text(),
    subjectId: p.uuid(),
    applicationId: p.uuid().nullable(),
    act: p.text(),
    fromState: p.text().nullable(),
    toState: p.text().nullable(),
    version: p.integer().nullable(),
    reason: p.text().nullable(),
    ...actor(),
  },
})

export const registryEntities: EntitySchema[] = [
  VendorCertificateEntity,
  ScopeRequestEntity,
  CredentialEntity,
  AgreementProposalEntity,
  AgreementVersionEntity,
  RegistryEventEntity,
  SchoolEventEntity,
]
