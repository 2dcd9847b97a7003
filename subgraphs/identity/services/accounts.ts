// Who has access to a school: its people and its applications with their last use, and the removal of a person.
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf, vietnamDay } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { SchoolAccount } from '../schema/registry-types.ts'
import { accountsOfSchool } from '../store/loaders.ts'
import * as sql from '../store/agreement-writing.ts'
import { act, reasonOf, recordSchoolChange } from './acts.ts'

interface Member extends Record<string, unknown> {
  accountId: string
  schoolId: string
  role: string
}

/** R26, R34: removed today is closed today. The history of the account, and what it did, stays. */
export async function removeAccount(context: SubgraphContext, id: string, why: string): Promise<SchoolAccount> {
  const reason = reasonOf(why, 'REASON_REQUIRED', 'reason')
  const accountId = uuidOf(id)
  if (accountId === null) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  const { viewer } = context
  if (accountId === viewer.accountId)
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'Nobody removes the own account: the school would be left without a principal. The authority does.',
      messageVi: 'Không ai tự xóa tài khoản của mình: trường sẽ không còn hiệu trưởng. Cơ quan quản lý thực hiện việc này.',
    })
  const schoolId = await act(context, { scope: 'identity.read' }, { removeAccount: [id, why] }, async (tx) => {
    const today = vietnamDay(context.now())
    const [office] = await tx.query<Member>(sql.LOCK_MEMBERSHIP, [accountId, tx.schools, today, viewer.accountId])
    if (!office) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
    const now = context.now().toISOString()
    await tx.query(sql.END_MEMBERSHIPS, [accountId, office.schoolId, today])
    await tx.query(sql.CLOSE_ACCOUNT_WITHOUT_OFFICE, [accountId, now, today])
    await recordSchoolChange(context, tx, {
      subject: 'ACCOUNT',
      schoolId: office.schoolId,
      subjectId: accountId,
      act: 'REMOVE',
      from: office.role,
      to: 'REMOVED',
      reason,
      fields: ['SchoolAccount.endedOn'],
    })
    await tx.query(sql.PUBLISH_PERSON, [accountId, now])
    return office.schoolId
  })
  const accounts = await context.loaders.of(accountsOfSchool).clear(schoolId).load(schoolId)
  const removed = accounts.find((account) => account.id === accountId)
  if (!removed) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return removed
}
