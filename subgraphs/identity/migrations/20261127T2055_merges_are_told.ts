// Consents that follow a merged pupil rise by one and are told in the feed. Their events are evidence of what people did, and stay.
import { Migration } from '@mikro-orm/migrations'
import { tellMergesIn } from '../../kernel/merge-kit.ts'

export class MergesAreTold20261127T2055 extends Migration {
  override up(): void {
    const key = `$1 || '/' || r.giver_id || '/' || r.application_id || '/' || r.purpose`
    for (const sql of tellMergesIn('identity', [{ table: 'consent', entity: 'Consent', key }])) this.addSql(sql)
  }
}
