// The contact book of a sandbox tenant begins anew on demand.
import { Migration } from '@mikro-orm/migrations'
import { refillOfTenant } from '../../kernel/migration-kit.ts'

export class SandboxTenants20261127T1600 extends Migration {
  override up(): void {
    for (const sql of refillOfTenant('communications')) this.addSql(sql)
  }
}
