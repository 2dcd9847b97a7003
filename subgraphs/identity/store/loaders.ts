// The batches of the registry: many keys, one query.
import {
  defineBatch,
  groupedByKey,
  idsOf,
  inKeyOrder,
  schoolKeyOf,
  schoolsOf,
  type BatchLoad,
  type SchoolKey,
  type SubgraphContext,
} from '../../kernel/context.ts'
import { NO_SCHOOL, vietnamDay, type Transaction } from '../../kernel/database.ts'
import type {
  AgreementProposal,
  AgreementVersion,
  ApplicationAccess,
  Credential,
  SchoolAccount,
  ScopeRequest,
  VendorCertificate,
} from '../schema/registry-types.ts'
import type { Agreement, Application, Approval, Vendor } from '../schema/types.ts'
import { asSeenBy } from '../registry/contacts.ts'
import * as sql from './queries.ts'

// Vendors, applications and approvals are the province's: their reads open no school.
export { NO_SCHOOL }

export function readRegistry<R extends object>(context: SubgraphContext, text: string, values: readonly unknown[]): Promise<R[]> {
  return context.database.read(context, { scope: 'identity.read', schools: NO_SCHOOL }, (tx) =>
    tx.query<R & Record<string, unknown>>(text, values),
  )
}

const itself = (key: string): string => key

function byId<R extends { id: string }>(text: string): BatchLoad<string, R | null> {
  return defineBatch(itself, async (context, ids) => {
    const rows = await readRegistry<R>(context, text, [ids])
    return inKeyOrder(ids, rows, itself, (row) => row.id)
  })
}

function byOwner<R extends object>(text: string, ownerOf: (row: R) => string): BatchLoad<string, R[]> {
  return defineBatch(itself, async (context, ids) =>
    groupedByKey(ids, await readRegistry<R>(context, text, [ids]), itself, ownerOf),
  )
}

/** Every vendor that leaves the store, as the caller may see it. */
export async function readVendors(context: SubgraphContext, text: string, values: readonly unknown[]): Promise<Vendor[]> {
  const vendors = await readRegistry<Vendor>(context, text, values)
  return vendors.map((vendor) => asSeenBy(context.viewer, vendor))
}

export const vendorById = defineBatch<string, Vendor | null>(itself, async (context, ids) =>
  inKeyOrder(ids, await readVendors(context, sql.VENDORS_BY_ID, [ids]), itself, (row) => row.id),
)
export const applicationById = byId<Application>(sql.APPLICATIONS_BY_ID)
export const applicationsOfVendor = byOwner<Application>(sql.APPLICATIONS_OF_VENDORS, (row) => row.vendorId)
export const approvalsOfApplication = byOwner<Approval>(sql.APPROVALS_OF_APPLICATIONS, (row) => row.applicationId)

/**
 * Opens the agreements that the caller may see. An application sees its own wherever they are, also ended ones, and
 * compliance sees all: neither reach is a set of granted schools, so `visible` is what was asked and the policies of the
 * table decide. For everybody else it is asked ∩ granted, as for any table of a school; also for an application that acts for a
 * person, who has an office at some of its schools and none at the others.
 */
export function openAgreements<T>(
  context: SubgraphContext,
  asked: readonly string[] | null,
  work: (tx: Transaction, visible: readonly string[] | null) => Promise<T>,
): Promise<T> {
  const { applicationId, accountId, role, scopes } = context.viewer
  return context.database.read(context, { scope: 'identity.read', schools: asked }, async (tx) => {
    if (applicationId && !accountId) return work(tx, asked)
    if (role !== 'COMPLIANCE_OFFICER' || !scopes.includes('access.review')) return work(tx, tx.schools)
    const [review] = await tx.query<{ reviewing: boolean }>(sql.OPEN_REVIEW, [accountId])
    return work(tx, review?.reviewing ? asked : tx.schools)
  })
}

function ofSchool<R extends { schoolId: string }>(
  text: string,
  more: (context: SubgraphContext) => unknown[],
): BatchLoad<string, R[]> {
  return defineBatch(itself, (context, schoolIds) =>
    openAgreements(context, schoolIds, async (tx, visible) => {
      const rows = await tx.query<R & Record<string, unknown>>(text, [visible, ...more(context)])
      for (const { schoolId } of rows) context.touched.schools.add(schoolId)
      return groupedByKey<string, R>(schoolIds, rows, itself, (row) => row.schoolId)
    }),
  )
}

export const agreementsOfSchool = ofSchool<Agreement>(sql.AGREEMENTS_OF_SCHOOLS, () => [])
export const softwareOfSchool = ofSchool<Application & { schoolId: string }>(sql.SOFTWARE_OF_SCHOOLS, (context) => [
  vietnamDay(context.now()),
])

export const certificatesOfVendor = byOwner<VendorCertificate & { vendorId: string }>(
  sql.CERTIFICATES_OF_VENDORS,
  (row) => row.vendorId,
)
export const scopeRequestsOfApplication = byOwner<ScopeRequest & { applicationId: string }>(
  sql.SCOPE_REQUESTS_OF_APPLICATIONS,
  (row) => row.applicationId,
)
export const credentialById = byId<Credential>(sql.CREDENTIALS_BY_ID)
export const credentialsOfApplication = byOwner<Credential & { applicationId: string }>(
  sql.CREDENTIALS_OF_APPLICATIONS,
  (row) => row.applicationId,
)

/** Rows of a school that their application may read too; whoever else asks is shown those of the schools that are open. */
function byKey<R extends SchoolKey>(text: string): BatchLoad<SchoolKey, R | null> {
  return defineBatch(schoolKeyOf, (context, keys) =>
    openAgreements(context, schoolsOf(keys), async (tx, visible) => {
      const rows = await tx.query<R & Record<string, unknown>>(text, [visible, idsOf(keys)])
      for (const { schoolId } of rows) context.touched.schools.add(schoolId)
      return inKeyOrder<SchoolKey, R>(keys, rows, schoolKeyOf, schoolKeyOf)
    }),
  )
}

export const agreementByKey = byKey<Agreement>(sql.AGREEMENTS_BY_KEY)
export const proposalByKey = byKey<AgreementProposal>(sql.PROPOSALS_BY_KEY)

type OfAgreement = { schoolId: string; agreementId: string }
export const versionsOfAgreement = defineBatch<SchoolKey, AgreementVersion[]>(schoolKeyOf, (context, keys) =>
  openAgreements(context, schoolsOf(keys), async (tx, visible) => {
    const rows = await tx.query<AgreementVersion & OfAgreement & Record<string, unknown>>(sql.VERSIONS_OF_AGREEMENTS, [
      visible,
      idsOf(keys),
    ])
    return groupedByKey<SchoolKey, AgreementVersion & OfAgreement>(
      keys,
      rows,
      schoolKeyOf,
      (row) => `${row.schoolId}/${row.agreementId}`,
    )
  }),
)

/** The office of a school is its principal's business and that of the authorities above it: no application and no teacher is shown anybody. */
function ofOffice<R extends { schoolId: string }>(text: string): BatchLoad<string, R[]> {
  return defineBatch(itself, (context, schoolIds) =>
    context.database.read(context, { scope: 'identity.read', schools: schoolIds }, async (tx) => {
      const { applicationId, role } = context.viewer
      const rows = await tx.query<R & Record<string, unknown>>(text, [
        applicationId !== null || role === 'TEACHER' ? [] : tx.schools,
        vietnamDay(context.now()),
      ])
      return groupedByKey<string, R>(schoolIds, rows, itself, (row) => row.schoolId)
    }),
  )
}

export const accountsOfSchool = ofOffice<SchoolAccount & { schoolId: string }>(sql.ACCOUNTS_OF_SCHOOLS)
export const applicationAccessOfSchool = ofOffice<ApplicationAccess & { schoolId: string }>(sql.APPLICATION_ACCESS_OF_SCHOOLS)
