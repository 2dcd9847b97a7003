// Books and marks within the terms of an agreement: those of the classes it names.
import { Migration } from '@mikro-orm/migrations'
import { cutToTermsOfAgreement } from '../../kernel/migration-kit.ts'

export class RowsWithinTerms20261122T1500 extends Migration {
  override up(): void {
    // A partition named directly is read past the policies of its parent, so each has its own.
    for (const table of ['gradebook', 'score', 'score_2026', 'score_other'])
      for (const sql of cutToTermsOfAgreement(`gradebook.${table}`)) this.addSql(sql)
  }
}
