// Messages and subscriptions follow a pupil whose record is merged into another, and go back when the merge is undone.
import { Migration } from '@mikro-orm/migrations'
import { followMergesIn } from '../../kernel/migration-kit.ts'

export class PupilsAreMerged20261127T1955 extends Migration {
  override up(): void {
    for (const sql of followMergesIn('communications')) this.addSql(sql)
  }
}
