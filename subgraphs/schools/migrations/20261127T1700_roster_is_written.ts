// The roster is written by batches: former versions are kept, assignments end, pupils have the attributes of the standard.
import { Migration } from '@mikro-orm/migrations'
import { formerVersionTable } from '../../kernel/migration-kit.ts'

export class RosterIsWritten20261127T1700 extends Migration {
  override up(): void {
    this.addSql(`
alter table schools.student
  add column birthplace text,
  add column nationality text,
  add column address text,
  add column boarding boolean,
  add column youth_membership text,
  add column can_swim boolean,
  add column disability text,
  add column policy_group text,
  add column poor_household text,
  add column fee_relief text`)
    for (const table of ['enrolment', 'teaching_assignment', 'homeroom_assignment'])
      this.addSql(`alter table schools.${table} add column application_id uuid`)
    // An assignment that ended stays, and opens nothing: the view by which marks are entered no longer shows it.
    this.addSql(`alter table schools.teaching_assignment add column active boolean not null default true`)
    this.addSql(`
create or replace view published.teaching_assignment as
  select school_id, staff_id, class_id, subject_code, term_id from schools.teaching_assignment where active`)

    // What a record was before each accepted change, whole: nothing of the roster is overwritten without a trace.
    for (const sql of formerVersionTable('schools')) this.addSql(sql)
  }
}
