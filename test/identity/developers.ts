// Developers as the tests have them: an account that signed up, and the viewer the gateway would mint for it at this moment.
import { randomUUID } from 'node:crypto'
import { uuidv7 } from '../../subgraphs/kernel/uuid.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { TestDatabase } from '../testkit/database.ts'
import { personViewer } from '../testkit/parties.ts'

export interface Developer {
  readonly accountId: string
  readonly email: string
  /** As the database resolves the account now: with the vendor it speaks for. */
  viewer(): Promise<Viewer>
}

export async function newDeveloper(database: TestDatabase): Promise<Developer> {
  const accountId = uuidv7(new Date())
  const email = `${randomUUID()}@lap-trinh.example`
  await database.sql(
    `insert into identity.account (id, email, display_name, organisation, role, scopes, status, updated_at)
     values ($1, $2, 'Phạm Thu Trang', 'Nhóm phát triển', 'DEVELOPER',
       '{identity.read,school.read,student.basic.read,staff.read,gradebook.read}', 'ACTIVE', now())`,
    [accountId, email],
  )
  await database.sql(`insert into access.person (account_id, role, status) values ($1, 'DEVELOPER', 'ACTIVE')`, [accountId])
  return {
    accountId,
    email,
    viewer: async () => {
      const [person] = await database.sql<{ vendor_id: string | null }>(
        'select vendor_id from access.person where account_id = $1',
        [accountId],
      )
      return personViewer(database, email, { vendorId: person!.vendor_id })
    },
  }
}
