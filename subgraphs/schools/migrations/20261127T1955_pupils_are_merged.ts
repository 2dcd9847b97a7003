// Two records of one pupil become one, and can become two again.
import { Migration } from '@mikro-orm/migrations'
import { followMergesIn, openToAgreedSchools } from '../../kernel/migration-kit.ts'

export class PupilsAreMerged20261127T1955 extends Migration {
  override up(): void {
    // A record that was merged stays as it was and is seen by nobody: lists, lookups, the guard, the views of the other subgraphs.
    // The policy hides it, so that no query of today or of a later day has to remember. Who merges or undoes asks to see it.
    this.addSql(`alter table schools.student add column merged_into uuid`)
    this.addSql(`
create policy hidden_when_merged on schools.student as restrictive
  using (merged_into is null or coalesce(current_setting('lt.merged', true), '') = 'shown')`)

    // What a merge did, to be able to undo it: the attributes that it filled, the rows that it moved, how many there were then.
    this.addSql(`
create table schools.student_merge (
  school_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  alias_id uuid not null,
  kept_code text not null,
  merged_code text not null,
  former jsonb not null,
  filled jsonb not null,
  moved jsonb not null,
  row_counts jsonb not null,
  kept_version integer not null,
  state text not null,
  reason text not null,
  merged_at timestamptz not null,
  merged_by_account_id uuid,
  undo_reason text,
  undone_at timestamptz,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint student_merge_state_known check (state in ('MERGED', 'UNDONE')),
  constraint student_merge_of_two check (kept_id <> merged_id)
)`)
    this.addSql(
      `create unique index student_merge_one_in_force on schools.student_merge (school_id, merged_id) where state = 'MERGED'`,
    )
    this.addSql(`create index student_merge_by_kept on schools.student_merge (school_id, kept_id)`)
    for (const sql of openToAgreedSchools('schools.student_merge')) this.addSql(sql)
    for (const sql of followMergesIn('schools')) this.addSql(sql)
  }
}
