// The batches of consents, and the transaction in which consents are read.
import {
  defineBatch,
  groupedByKey,
  idsOf,
  schoolKeyOf,
  schoolsOf,
  type SchoolKey,
  type SubgraphContext,
} from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import type { Family } from '../consents/validate.ts'
import type { StoredConsent } from '../consents/consent.ts'
import {
  ConsentEvidenceKind,
  ConsentGiver as GiverEnum,
  ConsentPurpose as PurposeEnum,
  ConsentStatus,
} from '../schema/consent-enums.ts'
import type { Consent, ConsentEvent } from '../schema/consent-types.ts'
import * as sql from './consent-queries.ts'
import { OPEN_REVIEW } from './queries.ts'

export function shapeConsent({ withdrawnAt, ...row }: StoredConsent): Consent {
  return {
    ...row,
    givenBy: GiverEnum[row.givenBy],
    purpose: PurposeEnum[row.purpose],
    status: ConsentStatus[row.status],
    evidenceKind: ConsentEvidenceKind[row.evidenceKind],
    lastWithdrawnAt: withdrawnAt,
  }
}

/**
 * Opens the consents that the caller may see. Compliance reviews all of them, through the setting that the database gives to
 * a reviewing account (identity.open_review): then `visible` is what was asked. Everybody else sees asked ∩ granted.
 */
export function openConsents<T>(
  context: SubgraphContext,
  asked: readonly string[] | null,
  work: (tx: Transaction, visible: readonly string[] | null) => Promise<T>,
): Promise<T> {
  const { applicationId, accountId, role, scopes } = context.viewer
  return context.database.read(context, { scope: 'identity.read', schools: asked }, async (tx) => {
    const mayReview = applicationId === null && role === 'COMPLIANCE_OFFICER' && scopes.includes('access.review')
    if (!mayReview) return work(tx, tx.schools)
    const [review] = await tx.query<{ reviewing: boolean }>(OPEN_REVIEW, [accountId])
    return work(tx, review?.reviewing ? asked : tx.schools)
  })
}

/** The pupil stands in the audit record also where the answer does not name them. */
export function touchConsents(context: SubgraphContext, rows: readonly StoredConsent[]): void {
  for (const { schoolId, studentId } of rows) {
    context.touched.schools.add(schoolId)
    context.touched.students.add(studentId)
  }
}

export const consentsOfStudent = defineBatch<SchoolKey, Consent[]>(schoolKeyOf, (context, keys) =>
  openConsents(context, schoolsOf(keys), async (tx, visible) => {
    const rows = await tx.query<StoredConsent>(sql.CONSENTS_OF_STUDENTS, [visible, idsOf(keys)])
    touchConsents(context, rows)
    return groupedByKey(keys, rows.map(shapeConsent), schoolKeyOf, (row) => `${row.schoolId}/${row.studentId}`)
  }),
)

export const eventsOfConsent = defineBatch<SchoolKey, ConsentEvent[]>(schoolKeyOf, (context, keys) =>
  openConsents(context, schoolsOf(keys), async (tx, visible) => {
    const rows = await tx.query<ConsentEvent & Record<string, unknown>>(sql.EVENTS_OF_CONSENTS, [visible, idsOf(keys)])
    return groupedByKey(keys, rows, schoolKeyOf, (row) => `${row.schoolId}/${row.consentId}`)
  }),
)

interface FamilyRow extends Record<string, unknown> {
  readonly studentId: string
  readonly studentCode: string
  readonly studentStatus: string
  readonly birthDate: string
  readonly guardianId: string | null
  readonly relation: string | null
}

/** The families of pupils of one school, in no order; with `lock`, the pupils are held until the transaction ends. */
export async function readFamilies(
  tx: Transaction,
  schoolId: string,
  studentIds: readonly string[],
  lock: boolean,
): Promise<Omit<Family, 'externalId'>[]> {
  const rows = await tx.query<FamilyRow>(sql.FAMILIES, [schoolId, studentIds, lock])
  return [...Map.groupBy(rows, ({ studentId }) => studentId).values()].map((members) => {
    const { studentId, studentCode, studentStatus, birthDate } = members[0]!
    const guardians = members.flatMap(({ guardianId, relation }) =>
      guardianId && relation ? [{ id: guardianId, relation }] : [],
    )
    return { id: studentId, code: studentCode, status: studentStatus, birthDate: birthDate.slice(0, 10), guardians }
  })
}

export const familyOfStudent = defineBatch<SchoolKey, Omit<Family, 'externalId'> | null>(schoolKeyOf, (context, keys) =>
  context.database.read(context, { scope: 'consent.write', schools: schoolsOf(keys) }, async (tx) => {
    const families = new Map<string, Omit<Family, 'externalId'>>()
    for (const schoolId of tx.schools) {
      const ids = idsOf(keys.filter((key) => key.schoolId === schoolId))
      for (const family of await readFamilies(tx, schoolId, ids, false)) {
        families.set(`${schoolId}/${family.id}`, family)
        context.touched.students.add(family.id)
      }
    }
    return keys.map((key) => families.get(schoolKeyOf(key)) ?? null)
  }),
)
