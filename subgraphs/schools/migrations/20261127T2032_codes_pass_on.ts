// A code that passes on with a merger still says which school it was of: that school keeps its pupils until they are taken over.
import { Migration } from '@mikro-orm/migrations'

export class CodesPassOn20261127T2032 extends Migration {
  override up(): void {
    // The school that had the code when it passed on for the first time; null for a code that is where it was given.
    this.addSql(`alter table schools.school_code add column passed_from uuid`)
    this.addSql(`create index school_code_by_former_school on schools.school_code (passed_from) where passed_from is not null`)
    // The schools of the caller's world, those without a code of their own included. The policy of the list tells the worlds apart.
    this.addSql(`
create function schools.all_listed()
returns uuid[]
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select array_agg(distinct s.id)
  from schools.school_code k
  cross join lateral (values (k.school), (k.passed_from)) s (id)
  where s.id is not null
$$`)
    this.addSql(`revoke all on function schools.all_listed() from public`)
    // The transfer guard and the counts of claims looked at the schools that codes lead to: a pupil of a school that had gone into
    // another could be claimed by nobody and was guarded from nobody. Only that look changes, so the rest is left as it stands.
    this.addSql(`
do $$
declare
  one regprocedure;
  former text;
  mended text;
begin
  foreach one in array array[
    'schools.pupils_elsewhere(uuid, text[], text[])', 'schools.find_claimed(uuid, jsonb)', 'schools.claims_overseen(uuid, date, date)'
  ]::regprocedure[] loop
    former := pg_get_functiondef(one);
    mended := replace(former, '(select array_agg(distinct k.school) from schools.school_code k)', 'schools.all_listed()');
    if mended = former then
      raise exception '% does not look at the list of schools', one;
    end if;
    execute mended;
  end loop;
end
$$`)
  }
}
