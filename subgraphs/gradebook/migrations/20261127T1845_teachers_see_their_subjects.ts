// Books and marks of a class, to its teachers: of the own subject; to the homeroom teacher, of all.
import { Migration } from '@mikro-orm/migrations'

export class TeachersSeeTheirSubjects20261127T1845 extends Migration {
  override up(): void {
    // A partition named directly is read past the policies of its parent, so each has its own.
    for (const table of ['gradebook', 'score', 'score_2026', 'score_other'])
      this.addSql(`
create policy within_subjects_of_teacher on gradebook.${table} as restrictive
  using (coalesce(current_setting('lt.taught', true), '') = ''
    or school_id <> all (nullif(current_setting('lt.taught', true), '')::uuid[])
    or class_id || '/' || subject_code = any (nullif(current_setting('lt.marks', true), '')::text[]))`)
  }
}
