// Gradebooks and their marks: what was entered, by whom, and everything a mark has been before.
import { Migration } from '@mikro-orm/migrations'
import { idempotencyTable, openToAgreedSchools, outboxTable } from '../../kernel/migration-kit.ts'

export class Scores20261122T0900 extends Migration {
  override up(): void {
    this.addSql(`
create table gradebook.gradebook (
  school_id uuid not null,
  id uuid not null,
  class_id uuid not null,
  subject_code text not null,
  term_id uuid not null,
  state text not null default 'OPEN',
  ordinary_deadline date not null,
  final_deadline date not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint gradebook_unique unique (school_id, class_id, subject_code, term_id),
  constraint gradebook_state_known check (state in ('OPEN', 'LOCKED', 'CLOSED'))
)`)
    // Partitioned by the year in which the school year begins: ~100 M marks a year in a province. The key leads with the id,
    // because a reference from elsewhere names school and id but not the year; every further index is paid by every mark.
    this.addSql(`
create table gradebook.score (
  school_id uuid not null,
  school_year smallint not null,
  id uuid not null,
  gradebook_id uuid not null,
  class_id uuid not null,
  student_id uuid not null,
  subject_code text not null,
  term_id uuid not null,
  kind text not null,
  ordinal smallint not null,
  value_tenths smallint,
  remark text,
  entered_by_staff_id uuid not null,
  application_id uuid,
  external_id text,
  version integer not null default 1,
  received_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (school_id, id, school_year),
  constraint score_of_pupil_unique unique (school_id, school_year, student_id, subject_code, term_id, kind, ordinal),
  constraint score_within_scale check (value_tenths between 0 and 100),
  constraint score_is_number_or_remark check ((value_tenths is null) <> (remark is null)),
  constraint score_remark_known check (remark in ('PASSED', 'NOT_PASSED')),
  constraint score_kind_known check (kind in ('ORAL', 'FIFTEEN_MINUTE', 'PRACTICE', 'ONE_PERIOD', 'REGULAR', 'MIDTERM', 'FINAL')),
  constraint score_ordinal_positive check (ordinal between 1 and 20)
) partition by list (school_year)`)
    this.addSql(`create table gradebook.score_2026 partition of gradebook.score for values in (2026)`)
    this.addSql(`create table gradebook.score_other partition of gradebook.score default`)
    this.addSql(`
create table gradebook.score_amendment (
  school_id uuid not null,
  id uuid not null,
  score_id uuid not null,
  old_value_tenths smallint,
  old_remark text,
  new_value_tenths smallint,
  new_remark text,
  entered_by_staff_id uuid not null,
  application_id uuid,
  amended_at timestamptz not null,
  version integer not null,
  primary key (school_id, id)
)`)
    this.addSql(`create index score_amendment_by_score on gradebook.score_amendment (school_id, score_id, version)`)
    // A partition named directly is read past the policies of its parent, so each has its own.
    for (const table of ['gradebook', 'score', 'score_2026', 'score_other', 'score_amendment'])
      for (const sql of openToAgreedSchools(`gradebook.${table}`)) this.addSql(sql)
    for (const sql of outboxTable('gradebook')) this.addSql(sql)
    for (const sql of idempotencyTable('gradebook')) this.addSql(sql)
    this.addSql(
      `alter table gradebook.score add constraint score_in_gradebook foreign key (school_id, gradebook_id) references gradebook.gradebook (school_id, id)`,
    )
    this.addSql(`create index score_by_gradebook on gradebook.score (school_id, gradebook_id)`)
  }
}
