// Who leaves a school loses the office there the same day: the roster says who left, identity says what that means.
import { Migration } from '@mikro-orm/migrations'

export class LeaversLoseTheirOffices20261127T1700 extends Migration {
  override up(): void {
    // Called by the transaction that records the leaving. Yesterday was the last day, so the next request meets a closed
    // school; an account without any other office is closed with it, and its tokens are announced as over.
    this.addSql(`
create function published.end_offices(p_school uuid, p_staff uuid[], p_today date, p_now timestamptz)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  leaver uuid;
  ended integer := 0;
begin
  for leaver in
    update access.membership m
    set valid_to = p_today - 1
    where m.school_id = p_school
      and m.staff_id = any (p_staff)
      and p_today between m.valid_from and coalesce(m.valid_to, 'infinity')
    returning m.account_id
  loop
    ended := ended + 1;
    update identity.account a
    set status = 'REVOKED', updated_at = p_now
    where a.id = leaver
      and a.authority_id is null
      and a.status <> 'REVOKED'
      and not exists (
        select 1
        from access.membership m
        where m.account_id = a.id
          and coalesce(m.valid_to, 'infinity') >= p_today);
    perform identity.publish_person(leaver, p_now);
  end loop;
  return ended;
end
$$`)
    this.addSql(`revoke all on function published.end_offices(uuid, uuid[], date, timestamptz) from public`)
  }
}
