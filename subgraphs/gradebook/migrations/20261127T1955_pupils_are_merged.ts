// Marks follow a pupil whose record is merged into another, and go back when the merge is undone.
import { Migration } from '@mikro-orm/migrations'
import { followMergesIn } from '../../kernel/migration-kit.ts'

export class PupilsAreMerged20261127T1955 extends Migration {
  override up(): void {
    for (const sql of followMergesIn('gradebook')) this.addSql(sql)
    // Marks that both records have in one place and that say different things: whose mark it is then is not ours to guess.
    this.addSql(`
create function published.marks_at_odds(p_school uuid, p_one uuid, p_other uuid)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
  at_odds integer;
begin
  execute 'set local lt.narrowed = ''''';
  select count(*)
  into at_odds
  from gradebook.score a
  join gradebook.score b
    on b.school_id = a.school_id and b.school_year = a.school_year and b.subject_code = a.subject_code and b.term_id = a.term_id
    and b.kind = a.kind and b.ordinal = a.ordinal
  where a.school_id = p_school
    and a.student_id = p_one
    and b.student_id = p_other
    and (a.value_tenths, a.remark) is distinct from (b.value_tenths, b.remark);
  execute format('set local lt.narrowed = %L', kept_narrowed);
  return at_odds;
end
$$`)
    this.addSql(`revoke all on function published.marks_at_odds(uuid, uuid, uuid) from public`)
  }
}
