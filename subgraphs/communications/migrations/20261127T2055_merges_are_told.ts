// Messages and subscriptions that follow a merged pupil rise by one and are told in the feed.
import { Migration } from '@mikro-orm/migrations'
import { tellMergesIn } from '../../kernel/merge-kit.ts'

export class MergesAreTold20261127T2055 extends Migration {
  override up(): void {
    const rows = [
      { table: 'message', entity: 'Message', key: 'r.id::text' },
      { table: 'subscription', entity: 'ContactBookSubscription', key: 'r.id::text' },
    ]
    for (const sql of tellMergesIn('communications', rows)) this.addSql(sql)
  }
}
