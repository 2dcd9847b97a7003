// Guardians, health records, facilities and campuses have owners of their fields too, and applications their own ids of them.
import { Migration } from '@mikro-orm/migrations'
import { openToConsentedApplications } from '../../kernel/migration-kit.ts'

/** What rests on consent, and the function that carries the consents to it. */
const KEPT = [
  ['Guardian', 'guardian', 'published.apply_consents_to_guardians(uuid, uuid[], uuid, timestamptz)'],
  ['HealthRecord', 'health_record', 'published.apply_consents_to_health(uuid, uuid[], uuid[], uuid, timestamptz)'],
] as const

export class AllRecordsHaveOwners20261127T2110 extends Migration {
  override up(): void {
    this.addSql(`
alter table schools.external_reference
  drop constraint external_reference_entity_known,
  add constraint external_reference_entity_known
    check (entity in ('SCHOOL', 'CLASS_ROOM', 'STAFF', 'STUDENT', 'GUARDIAN', 'HEALTH_RECORD', 'FACILITY', 'CAMPUS'))`)
    // Which applications have written a record that rests on consent is asked of each record.
    this.addSql(`create index kept_record_by_record on schools.kept_record (school_id, entity, entity_id)`)

    // A proposal says what the record says, so it rests on the same consent, on its own row; null where the record rests on none.
    this.addSql(`alter table schools.field_conflict add column consented_applications uuid[]`)
    for (const sql of openToConsentedApplications('schools.field_conflict')) this.addSql(sql)
    this.addSql(`
create policy closed_where_the_conflict_rests_on_consent on schools.former_version as restrictive for select
  using (entity <> 'FieldConflict'
    or record ->> 'consented_applications' is null
    or coalesce(current_setting('lt.application', true), '') = '')`)
    // The consents reach the proposals in the statement after the records. The rest of the functions stays as it stands.
    for (const [entity, table, act] of KEPT)
      this.addSql(`
do $$
declare
  former text := pg_get_functiondef('${act}'::regprocedure);
  mended text := replace(former, 'select count(*) into touched from told;', 'select count(*) into touched from told;
  update schools.field_conflict c
  set consented_applications = r.consented_applications
  from schools.${table} r
  where c.school_id = p_school
    and c.entity = ''${entity}''
    and r.school_id = p_school
    and r.id = c.entity_id
    and r.student_id = any (p_students)
    and c.consented_applications is distinct from r.consented_applications;');
begin
  if mended = former then
    raise exception '${act} does not count what it told';
  end if;
  execute mended;
end
$$`)
  }
}
