// Rows of the roster that follow a merged pupil rise by one, keep what they were, and are told in the feed.
import { Migration } from '@mikro-orm/migrations'
import { tellMergesIn } from '../../kernel/merge-kit.ts'

export class MergesAreTold20261127T2055 extends Migration {
  override up(): void {
    const told = (table: string, entity: string) => ({ table, entity, key: "$1 || '/' || r.id" })
    const rows = [
      told('enrolment', 'Enrolment'),
      told('guardian', 'Guardian'),
      told('health_record', 'HealthRecord'),
      told('student_transfer', 'StudentTransfer'),
    ]
    for (const sql of tellMergesIn('schools', rows, 'schools.former_version')) this.addSql(sql)
  }
}
