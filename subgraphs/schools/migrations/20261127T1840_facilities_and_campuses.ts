// Facilities of each reporting period, campuses, and assignments that begin and end on a day.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

export class FacilitiesAndCampuses20261127T1840 extends Migration {
  override up(): void {
    // The rooms are a list in the row, not rows of their own: a former version is then the whole of what was reported.
    this.addSql(`
create table schools.facility (
  school_id uuid not null,
  id uuid not null,
  school_year_id uuid not null,
  period text not null,
  rooms jsonb not null,
  electricity boolean,
  clean_water boolean,
  separate_toilets boolean,
  internet boolean,
  hand_washing boolean,
  disability_access boolean,
  computers integer,
  national_standard smallint,
  accreditation smallint,
  land_area integer,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint facility_once_a_period unique (school_id, school_year_id, period),
  constraint facility_period_known check (period in ('START', 'MID', 'END')),
  constraint facility_national_standard_known check (national_standard between 0 and 2),
  constraint facility_accreditation_known check (accreditation between 1 and 4),
  constraint facility_counts_not_negative check (computers >= 0 and land_area >= 0)
)`)
    this.addSql(`
create table schools.campus (
  school_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  address text not null,
  commune_code text not null,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint campus_code_unique unique (school_id, code),
  constraint campus_has_length check (valid_to >= valid_from)
)`)
    for (const table of ['facility', 'campus']) for (const sql of openToAgreedSchools(`schools.${table}`)) this.addSql(sql)

    // Null where it began before anybody asked for the day.
    for (const table of ['teaching_assignment', 'homeroom_assignment'])
      this.addSql(`
alter table schools.${table}
  add column starts_on date,
  add column ended_on date,
  add constraint ${table}_ends_after_it_began check (ended_on >= starts_on)`)
    // One that was ended before there was a day for it ended with its last change.
    this.addSql(`
update schools.teaching_assignment
set ended_on = (updated_at at time zone 'Asia/Ho_Chi_Minh')::date
where not active`)
    this.addSql(`
alter table schools.teaching_assignment
  add constraint teaching_assignment_ended_on_a_day check (active = (ended_on is null))`)
  }
}
