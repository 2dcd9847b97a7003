// The acts of the registry as the tests perform them: one line a step, as the party that may.
import { generateKeyPairSync } from 'node:crypto'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'
import { codesOf, type TestSubgraph } from '../testkit/subgraph.ts'

export const newPublicKey = (): string =>
  JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }))

export const TERMS = {
  purpose: 'Quản lý kết quả học tập của nhà trường',
  scopes: ['identity.read', 'school.read', 'student.basic.read', 'gradebook.read'],
  levels: [] as string[],
  schoolYears: [] as string[],
  validFrom: '2026-11-01',
  validTo: '2027-08-31',
}

export interface Answer {
  readonly data: Record<string, { id: string; state?: string; status?: string; version?: number; agreementId?: string }> | null
  readonly errors: readonly { extensions: Record<string, unknown> }[] | undefined
}

/** Sends a mutation and answers its one field, or throws the codes it was refused with. */
export function actor(identity: TestSubgraph) {
  const send = async (viewer: Viewer, text: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
    (await identity.ask(viewer, text, variables)) as unknown as Answer
  const done = async (viewer: Viewer, text: string, variables: Record<string, unknown> = {}) => {
    const answer = await send(viewer, text, variables)
    if (answer.errors) throw new Error(`refused: ${codesOf(answer).join(' ')} ${JSON.stringify(answer.errors)}`)
    return Object.values(answer.data!)[0]!
  }
  const refused = async (viewer: Viewer, text: string, variables: Record<string, unknown> = {}): Promise<unknown[]> =>
    codesOf(await send(viewer, text, variables))
  return { send, done, refused }
}

export const REGISTER_VENDOR = `mutation ($input: RegisterVendorInput!) { registerVendor(input: $input) { id code certificates { kind number } dataProtectionOfficerEmail } }`
export const REGISTER_APPLICATION = `mutation ($input: RegisterApplicationInput!) { registerApplication(input: $input) { id status environment } }`
export const REQUEST_SCOPES = `mutation ($ref: ApplicationRef!, $scopes: [ScopeRequestInput!]!) { requestScopes(application: $ref, scopes: $scopes) { id status scopeRequests { scope { name } purpose granted } } }`
export const APPROVE = `mutation ($ref: ApplicationRef!, $input: ApprovalInput!) { approveApplication(application: $ref, input: $input) { id status approvals { decisionNumber supersededFrom scopes { name } } } }`
export const DECIDE = (act: 'refuse' | 'suspend' | 'reinstate' | 'revoke'): string =>
  `mutation ($ref: ApplicationRef!, $reason: String = "Theo biên bản kiểm tra") { ${act}Application(application: $ref, reason: $reason) { id status } }`
export const PROPOSE = `mutation ($input: ProposeAgreementInput!) { proposeAgreement(input: $input) { id agreementId state version school { id } } }`
export const SIGN = `mutation ($id: ID!) { signAgreement(proposalId: $id) { id state version scopes { name } } }`
export const REFUSE = `mutation ($id: ID!) { refuseAgreement(proposalId: $id, reason: "Chưa cần") { id state reason } }`
export const WITHDRAW = `mutation ($id: ID!) { withdrawProposal(proposalId: $id, reason: "Gửi nhầm") { id state } }`
export const AMEND = `mutation ($id: ID!, $terms: AgreementTermsInput!) { amendAgreement(agreementId: $id, terms: $terms) { id agreementId state version } }`
export const END = `mutation ($id: ID!) { endAgreement(agreementId: $id, reason: "Hết nhu cầu") { id state endReason } }`
export const STOP = `mutation ($id: ID!) { stopAgreement(agreementId: $id, reason: "Vi phạm cam kết") { id state } }`
export const ROTATE = `mutation ($ref: ApplicationRef!, $key: String!, $overlap: Int = 24) { rotateCredential(application: $ref, publicKey: $key, overlapHours: $overlap) { id thumbprint algorithm expiresAt revokedAt } }`
export const REVOKE_KEY = `mutation ($id: ID!) { revokeCredential(credentialId: $id, reason: "Lộ khóa") { id revokedAt } }`
export const REMOVE = `mutation ($id: ID!) { removeAccount(accountId: $id, reason: "Chuyển công tác") { id endedOn } }`

export const requestOf = (scopes: readonly string[]) =>
  scopes.map((scope) => ({ scope, purpose: `Phục vụ chức năng ${scope} của sản phẩm` }))

/** The school of a principal of the sandbox. */
export async function schoolOfPrincipal(
  database: TestDatabase,
  mailbox: string,
): Promise<{ principal: Viewer; id: string; code: string }> {
  const principal = await personViewer(database, mailbox)
  const [school] = await database.sql<{ id: string; code: string }>(
    `select s.school_id as id, s.code from access.membership m join schools.school s on s.school_id = m.school_id where m.account_id = $1`,
    [principal.accountId],
  )
  return { principal, ...school! }
}

export async function openTo(
  database: TestDatabase,
  applicationId: string,
  scope: string,
  day = '2026-11-20',
): Promise<string[]> {
  const [row] = await database.sql<{ schools: string[] }>(`select access.permitted_schools($1, null, $2, null, $3) as schools`, [
    applicationId,
    scope,
    day,
  ])
  return row!.schools
}
