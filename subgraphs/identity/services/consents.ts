// Consents read: page by page for whoever may see them, and who may consent for a pupil.
import { readPage, type Connection } from '../../kernel/connection.ts'
import type { SchoolKey, SubgraphContext } from '../../kernel/context.ts'
import { isUuid, NO_SCHOOL, vietnamDay, type Transaction } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { chosen } from '../../kernel/reference.ts'
import type { StoredConsent } from '../consents/consent.ts'
import { ageOn, mayGive } from '../consents/givers.ts'
import { isStorable } from '../../kernel/text.ts'
import { ConsentGiver, ConsentPurpose } from '../schema/consent-enums.ts'
import type { ConsentListArgs } from '../schema/consent-inputs.ts'
import type { Consent, ConsentGiverEntry } from '../schema/consent-types.ts'
import { familyOfStudent, openConsents, shapeConsent, touchConsents } from '../store/consent-loaders.ts'
import * as sql from '../store/consent-queries.ts'
import { readRegistry } from '../store/loaders.ts'
import { APPLICATION_BY_CODE } from '../store/queries.ts'

type StudentRef = NonNullable<ConsentListArgs['student']>

/** By id whoever asks, so that a review can ask for a pupil it cannot look up; otherwise among the schools open to the caller. */
async function findStudentId(context: SubgraphContext, tx: Transaction, ref: StudentRef): Promise<string | null> {
  const by = chosen(ref, ['id', 'code', 'externalId'])
  if (by === 'id') return isUuid(ref.id!) ? ref.id! : null
  if (!isStorable(ref[by]!)) return null
  const rows = await (by === 'code'
    ? tx.query<{ id: string }>(sql.STUDENT_ID_BY_CODE, [tx.schools, ref.code])
    : tx.query<{ id: string }>(sql.STUDENT_ID_BY_EXTERNAL_ID, [tx.schools, context.viewer.applicationId, ref.externalId]))
  return rows[0]?.id ?? null
}

async function findApplicationId(
  context: SubgraphContext,
  ref: NonNullable<ConsentListArgs['application']>,
): Promise<string | null> {
  if (chosen(ref, ['id', 'code']) === 'id') return isUuid(ref.id!) ? ref.id! : null
  if (!isStorable(ref.code!)) return null
  const [application] = await readRegistry<{ id: string }>(context, APPLICATION_BY_CODE, [ref.code])
  return application?.id ?? null
}

/** The id that was found, or one that nothing has. */
const named = (id: string | null): string => id ?? NO_SCHOOL[0]!

export async function listConsents(
  context: SubgraphContext,
  { student, application, ...page }: ConsentListArgs,
): Promise<Connection<Consent>> {
  const wanted = application ? await findApplicationId(context, application) : null
  return readPage<Consent>(context, {
    list: ['consents', student ?? null, application ?? null],
    page,
    position: (row) => [row.schoolId, row.id],
    read: (after, limit) =>
      openConsents(context, null, async (tx, visible) => {
        const studentId = student ? await findStudentId(context, tx, student) : null
        // A filter that names nothing finds nothing, and is asked all the same: not there and not yours read the same.
        const values = [visible, student && named(studentId), application && named(wanted), after?.[0], after?.[1], limit]
        const rows = await tx.query<StoredConsent>(sql.CONSENT_PAGE, values)
        touchConsents(context, rows)
        return rows.map(shapeConsent)
      }),
  })
}

export async function consentGivers(context: SubgraphContext, student: SchoolKey): Promise<ConsentGiverEntry[]> {
  const family = await context.loaders.of(familyOfStudent).load({ schoolId: student.schoolId, id: student.id })
  if (!family) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  const age = ageOn(family.birthDate, vietnamDay(context.now()))
  const purposesOf = (kind: ConsentGiver): ConsentPurpose[] =>
    Object.values(ConsentPurpose).filter((purpose) => mayGive(kind, purpose, age))
  const guardian = purposesOf(ConsentGiver.GUARDIAN)
  const own = purposesOf(ConsentGiver.STUDENT)
  return [
    ...family.guardians.map(({ id, relation }) => ({
      kind: ConsentGiver.GUARDIAN,
      guardianId: id,
      relation,
      purposes: guardian,
    })),
    ...(own.length > 0 ? [{ kind: ConsentGiver.STUDENT, guardianId: null, relation: null, purposes: own }] : []),
  ]
}
