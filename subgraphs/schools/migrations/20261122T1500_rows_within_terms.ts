// The roster within the terms of an agreement: classes of the levels and school years it names, and what hangs on them.
import { Migration } from '@mikro-orm/migrations'
import { cutToTermsOfAgreement } from '../../kernel/migration-kit.ts'

export class RowsWithinTerms20261122T1500 extends Migration {
  override up(): void {
    // A class says itself where it belongs, so that one that is just being opened is judged too.
    this.addSql(`
create policy within_terms_of_agreement on schools.class_room as restrictive
  using (coalesce(current_setting('lt.narrowed', true), '') = ''
    or school_id <> all (nullif(current_setting('lt.narrowed', true), '')::uuid[])
    or school_id || '/' || level || '/' || school_year_id = any (nullif(current_setting('lt.terms', true), '')::text[]))`)
    // A pupil without a class, one who has left, is within no terms that name classes.
    for (const table of ['student', 'enrolment', 'teaching_assignment', 'homeroom_assignment'])
      for (const sql of cutToTermsOfAgreement(`schools.${table}`)) this.addSql(sql)
  }
}
