// The same conditions as before; what a transaction was opened for is read once for a statement. See 0032.
import { Migration } from '@mikro-orm/migrations'
import { rewritePolicies } from '../../kernel/migration-kit.ts'

export class PoliciesReadSettingsOnce20261127T2045 extends Migration {
  override up(): void {
    for (const sql of rewritePolicies('communications')) this.addSql(sql)
  }
}
