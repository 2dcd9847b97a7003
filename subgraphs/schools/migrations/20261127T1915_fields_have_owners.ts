// Which application owns which fields of a school's records, and what others proposed for them.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

export class FieldsHaveOwners20261127T1915 extends Migration {
  override up(): void {
    // What was declared; where nothing is, the kinds of the applications decide. A line that is replaced ends the day before.
    this.addSql(`
create table schools.field_owner (
  school_id uuid not null,
  id uuid not null,
  field_group text not null,
  owner_application_id uuid not null,
  valid_from date not null,
  valid_to date,
  reason text not null,
  decided_by_account_id uuid not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint field_owner_has_a_time check (valid_to is null or valid_to >= valid_from - 1)
)`)
    this.addSql(
      `create unique index field_owner_one_in_force on schools.field_owner (school_id, field_group) where valid_to is null`,
    )

    // A competing write, kept whole: the columns of the field as they stood and as they were sent. Of one application one
    // proposal a field is open; a decided one stays as it was decided.
    this.addSql(`
create table schools.field_conflict (
  school_id uuid not null,
  id uuid not null,
  entity text not null,
  entity_id uuid not null,
  natural_key text not null,
  field_group text not null,
  field text not null,
  former jsonb not null,
  proposed jsonb not null,
  effect jsonb,
  owner_application_id uuid not null,
  proposed_by_application_id uuid not null,
  proposed_by_account_id uuid,
  proposed_at timestamptz not null,
  state text not null,
  reason text,
  decided_at timestamptz,
  decided_by_application_id uuid,
  decided_by_account_id uuid,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint field_conflict_state_known check (state in ('OPEN', 'ACCEPTED', 'REJECTED')),
  constraint field_conflict_decided_once check ((state = 'OPEN') = (decided_at is null))
)`)
    this.addSql(`
create unique index field_conflict_one_open on schools.field_conflict (school_id, entity_id, field, proposed_by_application_id)
  where state = 'OPEN'`)
    this.addSql(
      `create index field_conflict_by_record on schools.field_conflict (school_id, entity_id, proposed_by_application_id)`,
    )
    this.addSql(`create index field_conflict_by_state on schools.field_conflict (school_id, state, id)`)
    for (const table of ['field_owner', 'field_conflict'])
      for (const sql of openToAgreedSchools(`schools.${table}`)) this.addSql(sql)
  }
}
