// The same conditions as before; what a transaction was opened for is read once for a statement. See 0032.
import { Migration } from '@mikro-orm/migrations'
import { rewritePolicies } from '../../kernel/migration-kit.ts'

export class PoliciesReadSettingsOnce20261127T2045 extends Migration {
  override up(): void {
    for (const sql of rewritePolicies('schools')) this.addSql(sql)
    // A class is named by its id alone, over all the schools that are open; pupils have had such an index.
    this.addSql(`create index class_room_by_id on schools.class_room (id)`)
  }
}
