// The list of school codes, present and past, for whoever must name a school that is not open to it.
import { Migration } from '@mikro-orm/migrations'

export class SchoolCodesArePublished20261122T1300 extends Migration {
  override up(): void {
    // That a school exists, and under which codes, is public: signboards say it. A vendor proposes an agreement by code.
    this.addSql(`
create view published.school_code as
  select code, current, school from schools.school_code`)
  }
}
