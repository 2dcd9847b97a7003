// Marks that follow a merged pupil rise by one and are told in the feed: a mirror of them names its pupil.
import { Migration } from '@mikro-orm/migrations'
import { tellMergesIn } from '../../kernel/merge-kit.ts'

export class MergesAreTold20261127T2055 extends Migration {
  override up(): void {
    // As services/write-marks.ts tells of them.
    const key = `$1 || '/' || (select t.school_year_code || '/' || t.code from published.term t where t.id = r.term_id)
      || '/' || r.subject_code || '/' || r.kind || '/' || r.ordinal`
    for (const sql of tellMergesIn('gradebook', [{ table: 'score', entity: 'Score', key }])) this.addSql(sql)
  }
}
