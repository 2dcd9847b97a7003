// Former codes and ids of pupils answer for who they are now; likely doubles wait on a list for a person to look.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

export class PupilsAreMatched20261127T1950 extends Migration {
  override up(): void {
    // A temporary code that the Ministry's replaced; the id and code of a record that was merged into another.
    this.addSql(`
create table schools.student_alias (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  former_id uuid,
  former_code text,
  since timestamptz not null,
  primary key (school_id, id),
  constraint student_alias_names_something check (former_id is not null or former_code is not null),
  constraint student_alias_of_student foreign key (school_id, student_id) references schools.student (school_id, id)
)`)
    this.addSql(`create index student_alias_by_student on schools.student_alias (school_id, student_id)`)
    this.addSql(`create index student_alias_by_code on schools.student_alias (school_id, former_code)`)
    this.addSql(`create index student_alias_by_id on schools.student_alias (school_id, former_id)`)

    this.addSql(`
create table schools.identity_match (
  school_id uuid not null,
  id uuid not null,
  landed_id uuid not null,
  candidate_id uuid not null,
  score smallint not null,
  reasons text[] not null,
  state text not null,
  found_at timestamptz not null,
  decided_at timestamptz,
  decided_by_application_id uuid,
  decided_by_account_id uuid,
  reason text,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint identity_match_state_known check (state in ('OPEN', 'MERGED', 'DISTINCT')),
  constraint identity_match_scored check (score between 0 and 100),
  constraint identity_match_once unique (school_id, landed_id, candidate_id)
)`)
    this.addSql(`create index identity_match_by_state on schools.identity_match (school_id, state, id)`)
    for (const table of ['student_alias', 'identity_match'])
      for (const sql of openToAgreedSchools(`schools.${table}`)) this.addSql(sql)
    // The candidates of a batch, by birth date.
    this.addSql(`create index student_by_birth_date on schools.student (school_id, birth_date)`)

    this.addSql(`
create view published.student_alias as
  select school_id, student_id, former_id, former_code from schools.student_alias`)
    // Own ids of a record that was merged name the one that lives.
    this.addSql(`
create or replace view published.external_reference as
  select x.school_id, x.application_id, x.entity, x.external_id, coalesce(a.student_id, x.entity_id) as entity_id
  from schools.external_reference x
  left join schools.student_alias a on x.entity = 'STUDENT' and a.school_id = x.school_id and a.former_id = x.entity_id`)
  }
}
