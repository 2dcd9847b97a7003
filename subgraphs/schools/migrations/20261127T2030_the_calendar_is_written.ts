// School years and terms are written by the Sở: they carry the envelope of a record, and what they said before is kept.
import { Migration } from '@mikro-orm/migrations'

export class TheCalendarIsWritten20261127T2030 extends Migration {
  override up(): void {
    for (const table of ['school_year', 'term'])
      this.addSql(`
alter table schools.${table}
  add column version integer not null default 1,
  add column updated_at timestamptz not null default now()`)
    this.addSql(`
alter table schools.term
  add constraint term_has_length check (ends_on > starts_on),
  add constraint term_exams_have_both_ends check ((exam_from is null) = (exam_to is null)),
  add constraint term_exams_within_it check (exam_from between starts_on and ends_on and exam_to between exam_from and ends_on)`)

    // The calendar is no school's, so its former versions are not among those of schools, which stand under a policy of theirs.
    this.addSql(`
create table schools.former_calendar (
  entity text not null,
  entity_id uuid not null,
  version integer not null,
  record jsonb not null,
  replaced_at timestamptz not null,
  replaced_by_account_id uuid,
  primary key (entity, entity_id, version),
  constraint former_calendar_entity_known check (entity in ('SchoolYear', 'Term'))
)`)
  }
}
