// The roster that every product shares: authorities, schools, the school year, classes, people and who teaches what.
import { Migration } from '@mikro-orm/migrations'
import {
  externalReferenceTable,
  idempotencyTable,
  openToAgreedSchools,
  openToConsentedApplications,
  outboxTable,
} from '../../kernel/migration-kit.ts'

export class Roster20261122T0900 extends Migration {
  override up(): void {
    this.addSql(`
create table schools.authority (
  id uuid primary key,
  code text not null,
  kind text not null,
  name text not null,
  name_en text not null,
  parent_id uuid,
  unit_code text,
  valid_from date not null,
  valid_to date,
  version integer not null default 1,
  updated_at timestamptz not null,
  constraint authority_code_unique unique (code),
  constraint authority_kind_known check (kind in ('MINISTRY', 'DEPARTMENT', 'DISTRICT_OFFICE', 'COMMUNE')),
  constraint authority_of_parent foreign key (parent_id) references schools.authority (id)
)`)
    this.addSql(`create index authority_by_parent on schools.authority (parent_id)`)
    this.addSql(`
create table schools.school_year (
  id uuid primary key,
  code text not null,
  starts_on date not null,
  ends_on date not null,
  constraint school_year_code_unique unique (code),
  constraint school_year_has_length check (ends_on > starts_on)
)`)
    this.addSql(`
create table schools.term (
  id uuid primary key,
  school_year_id uuid not null,
  level text not null,
  code text not null,
  name text not null,
  starts_on date not null,
  ends_on date not null,
  exam_from date,
  exam_to date,
  constraint term_code_unique unique (school_year_id, level, code),
  constraint term_of_school_year foreign key (school_year_id) references schools.school_year (id)
)`)
    this.addSql(`
create table schools.subject (
  code text primary key,
  name text not null,
  name_en text not null,
  assessment text not null,
  levels text[] not null,
  constraint subject_assessment_known check (assessment in ('SCORED', 'COMMENT'))
)`)
    this.addSql(`
create table schools.subject_offering (
  subject_code text not null,
  level text not null,
  from_grade smallint not null,
  to_grade smallint not null,
  periods_per_year smallint not null,
  compulsory boolean not null,
  primary key (subject_code, level, from_grade),
  constraint subject_offering_of_subject foreign key (subject_code) references schools.subject (code)
)`)
    // The code is unique in the province, the row lives with its school: so the code has its own table, which also
    // keeps the older codes of merged schools.
    this.addSql(`
create table schools.school_code (
  code text primary key,
  current boolean not null,
  school uuid not null
)`)
    this.addSql(`
create table schools.school (
  school_id uuid primary key,
  code text not null,
  name text not null,
  name_en text,
  levels text[] not null,
  ownership smallint not null,
  commune_code text not null,
  address text not null,
  status text not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  constraint school_ownership_known check (ownership in (1, 2, 3))
)`)
    this.addSql(`create index school_by_code on schools.school (code, school_id)`)
    this.addSql(`
create table schools.class_room (
  school_id uuid not null,
  id uuid not null,
  school_year_id uuid not null,
  name text not null,
  grade smallint not null,
  level text not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint class_room_name_unique unique (school_id, school_year_id, name),
  constraint class_room_grade_known check (grade between 1 and 18)
)`)
    this.addSql(`
create table schools.staff (
  school_id uuid not null,
  id uuid not null,
  code text not null,
  full_name text not null,
  sex text not null,
  birth_date date,
  position text not null,
  status smallint not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint staff_code_unique unique (school_id, code)
)`)
    this.addSql(`
create table schools.student (
  school_id uuid not null,
  id uuid not null,
  code text not null,
  full_name text not null,
  given_name text not null,
  sort_name text not null,
  sex text not null,
  birth_date date not null,
  personal_number text,
  ethnicity_code text,
  commune_code text,
  status text not null,
  class_id uuid,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint student_code_unique unique (school_id, code),
  constraint student_sex_known check (sex in ('UNKNOWN', 'MALE', 'FEMALE'))
)`)
    this.addSql(`create index student_by_class on schools.student (school_id, class_id, sort_name, id)`)
    this.addSql(`create index student_by_name on schools.student (school_id, sort_name, id)`)
    this.addSql(`create index student_by_id on schools.student (id)`)
    this.addSql(`
create table schools.enrolment (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  class_id uuid not null,
  school_year_id uuid not null,
  admitted_on date not null,
  left_on date,
  status text not null,
  leaving_reason text,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint enrolment_status_known check (status in ('STUDYING', 'TRANSFERRED_OUT', 'DROPPED_OUT', 'GRADUATED', 'DEFERRED'))
)`)
    this.addSql(`create index enrolment_by_student on schools.enrolment (school_id, student_id)`)
    this.addSql(
      `create unique index enrolment_one_active on schools.enrolment (school_id, student_id) where status = 'STUDYING' and left_on is null`,
    )
    this.addSql(`create index enrolment_by_class on schools.enrolment (school_id, class_id)`)
    this.addSql(`
create table schools.guardian (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  full_name text not null,
  relation text not null,
  phone text,
  consented_applications uuid[] not null default '{}',
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id)
)`)
    this.addSql(`create index guardian_by_student on schools.guardian (school_id, student_id)`)
    this.addSql(`
create table schools.teaching_assignment (
  school_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  class_id uuid not null,
  subject_code text not null,
  term_id uuid not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint teaching_assignment_unique unique (school_id, class_id, subject_code, term_id, staff_id)
)`)
    this.addSql(`create index teaching_assignment_by_staff on schools.teaching_assignment (school_id, staff_id)`)
    this.addSql(`
create table schools.homeroom_assignment (
  school_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  class_id uuid not null,
  school_year_id uuid not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint homeroom_assignment_unique unique (school_id, class_id, school_year_id)
)`)
    for (const sql of externalReferenceTable('schools', ['SCHOOL', 'CLASS_ROOM', 'STAFF', 'STUDENT'])) this.addSql(sql)
    for (const table of [
      'school',
      'class_room',
      'staff',
      'student',
      'enrolment',
      'guardian',
      'teaching_assignment',
      'homeroom_assignment',
    ])
      for (const sql of openToAgreedSchools(`schools.${table}`)) this.addSql(sql)
    for (const sql of openToConsentedApplications('schools.guardian')) this.addSql(sql)
    for (const sql of outboxTable('schools')) this.addSql(sql)
    for (const sql of idempotencyTable('schools')) this.addSql(sql)

    // Foreign keys last: tables, then (on a cluster) their distribution, then these.
    const reference = (table: string, name: string, column: string, target: string) =>
      `alter table schools.${table} add constraint ${name} foreign key (school_id, ${column}) references schools.${target} (school_id, id)`
    this.addSql(reference('enrolment', 'enrolment_of_student', 'student_id', 'student'))
    this.addSql(reference('enrolment', 'enrolment_in_class', 'class_id', 'class_room'))
    this.addSql(reference('guardian', 'guardian_of_student', 'student_id', 'student'))
    this.addSql(reference('student', 'student_in_class', 'class_id', 'class_room'))
    this.addSql(reference('teaching_assignment', 'teaching_assignment_of_staff', 'staff_id', 'staff'))
    this.addSql(reference('teaching_assignment', 'teaching_assignment_of_class', 'class_id', 'class_room'))
    this.addSql(reference('homeroom_assignment', 'homeroom_assignment_of_staff', 'staff_id', 'staff'))
    this.addSql(reference('homeroom_assignment', 'homeroom_assignment_of_class', 'class_id', 'class_room'))
    this.addSql(`create index homeroom_assignment_by_staff on schools.homeroom_assignment (school_id, staff_id)`)

    // What other subgraphs may read of the roster. The views run with the owner's rights, and the owner stands under
    // the same forced policies: they show what the transaction opened, nothing else.
    this.addSql(`
create view published.school as
  select school_id, code, name, levels, commune_code from schools.school`)
    this.addSql(`
create view published.class_room as
  select c.school_id, c.id, c.name, c.grade, c.level, c.school_year_id, y.code as school_year_code
  from schools.class_room c join schools.school_year y on y.id = c.school_year_id`)
    this.addSql(`
create view published.student as
  select school_id, id, code, class_id, status from schools.student`)
    this.addSql(`
create view published.staff as
  select school_id, id, code, status from schools.staff`)
    this.addSql(`
create view published.external_reference as
  select school_id, application_id, entity, external_id, entity_id from schools.external_reference`)
    this.addSql(`
create view published.teaching_assignment as
  select school_id, staff_id, class_id, subject_code, term_id from schools.teaching_assignment`)
    this.addSql(`
create view published.subject as
  select code, name, assessment, levels from schools.subject`)
    this.addSql(`
create view published.term as
  select t.id, t.level, t.code, t.name, t.starts_on, t.ends_on, t.exam_from, t.exam_to, t.school_year_id, y.code as school_year_code
  from schools.term t join schools.school_year y on y.id = t.school_year_id`)
    this.addSql(`
create view published.subject_offering as
  select subject_code, level, from_grade, to_grade, periods_per_year, compulsory from schools.subject_offering`)
    this.addSql(`
create view published.authority as
  select id, code, kind, name, parent_id, valid_from, valid_to from schools.authority`)
  }
}
