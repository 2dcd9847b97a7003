// A school rolls over to the new year once between two years; its pupils have numbers in their classes.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

export class Rollover20261127T1920 extends Migration {
  override up(): void {
    this.addSql(`alter table schools.enrolment
  add column roll_number smallint,
  add constraint enrolment_roll_number_counts_from_one check (roll_number > 0)`)
    // The plan that was carried out, as it was shown: sent again, it is answered again.
    this.addSql(`
create table schools.rollover (
  school_id uuid not null,
  id uuid not null,
  from_year_id uuid not null,
  to_year_id uuid not null,
  plan_hash text not null,
  plan jsonb not null,
  rolled_on date not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  account_id uuid,
  primary key (school_id, id),
  constraint rollover_once unique (school_id, from_year_id, to_year_id)
)`)
    for (const sql of openToAgreedSchools('schools.rollover')) this.addSql(sql)
  }
}
