// Schools are written by authorities, and have a first and a last day.
import { Migration } from '@mikro-orm/migrations'

export class AuthoritiesKeepSchools20261127T2000 extends Migration {
  override up(): void {
    this.addSql(`
alter table schools.school
  add column valid_from date,
  add column valid_to date,
  add constraint school_ends_after_it_began check (valid_to >= valid_from)`)
    this.addSql(`create index school_code_by_school on schools.school_code (school)`)
  }
}
