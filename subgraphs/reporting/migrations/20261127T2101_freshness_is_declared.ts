// How fresh an authority asks the records of its schools to be; and the freshness of what was written before anybody kept it.
import { Migration } from '@mikro-orm/migrations'
import { idempotencyTable } from '../../kernel/migration-kit.ts'
import { KEPT, RESTORE, recountFreshness, type ProvenanceOfKinds } from './recount-freshness.ts'

const PROVENANCE: ProvenanceOfKinds = [
  ['CLASS_ROOM', 'schools.class_room', 'application_id'],
  ['STAFF', 'schools.staff', 'application_id'],
  ['STUDENT', 'schools.student', 'application_id'],
  ['ENROLMENT', 'schools.enrolment', 'application_id'],
  ['TEACHING_ASSIGNMENT', 'schools.teaching_assignment', 'application_id'],
  ['HOMEROOM_ASSIGNMENT', 'schools.homeroom_assignment', 'application_id'],
  ['GUARDIAN', 'schools.guardian', 'application_id'],
  ['HEALTH_RECORD', 'schools.health_record', 'application_id'],
  ['FACILITY', 'schools.facility', 'application_id'],
  ['CAMPUS', 'schools.campus', 'application_id'],
  ['SCORE', 'gradebook.score', 'application_id'],
  ['CONSENT', 'identity.consent', 'recorded_by_application_id'],
]

export class FreshnessIsDeclared20261127T2101 extends Migration {
  override up(): void {
    // Of an authority, a kind and a level one line is in force; one that is replaced ends the day before and stays.
    this.addSql(`
create table reporting.freshness_threshold (
  id uuid primary key,
  authority_id uuid not null,
  kind text not null,
  level text not null,
  days integer not null,
  reason text not null,
  valid_from date not null,
  valid_to date,
  declared_by_account_id uuid,
  declared_at timestamptz not null,
  constraint freshness_threshold_level_known check (level in ('MN', 'TH', 'THCS', 'THPT', 'GDTX')),
  constraint freshness_threshold_days_in_range check (days between 1 and 400),
  constraint freshness_threshold_has_a_time check (valid_to is null or valid_to >= valid_from - 1)
)`)
    this.addSql(
      `create unique index freshness_threshold_one_in_force on reporting.freshness_threshold (authority_id, kind, level) where valid_to is null`,
    )
    for (const sql of idempotencyTable('reporting')) this.addSql(sql)

    this.addSql(recountFreshness(PROVENANCE))
    // A sandbox that is filled anew is as fresh as what it was filled with.
    this.addSql(`
create function published.recount_freshness_of_tenant(p_tenant uuid, p_day date)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
  opened uuid[] := access.open_tenant(p_tenant);
  one uuid;
begin
  if opened is null then
    raise exception 'no such tenant' using errcode = 'no_data_found';
  end if;
  foreach one in array opened loop
    perform published.recount_freshness(one, p_day);
  end loop;
  ${RESTORE}
end
$$`)
    this.addSql(`
revoke all on function published.recount_freshness(uuid, date), published.recount_freshness_of_tenant(uuid, date) from public`)

    this.addSql(`
select published.recount_freshness(s.id, (current_timestamp at time zone 'Asia/Ho_Chi_Minh')::date)
from (
  select school_id from access.oversight
  union
  select school_id from access.school_grant
  union
  select unnest(school_ids) from access.sandbox_tenant) as s (id)`)
  }
}
