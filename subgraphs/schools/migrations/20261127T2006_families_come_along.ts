// Of a family only those come along whose link to the pupil lasts, as records that the new school's application brought.
import { Migration } from '@mikro-orm/migrations'

/** A UUIDv7 of this moment, for rows that only the database sees. */
const UUID_V7 = `encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  placing substring(int8send((extract(epoch from p_at) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid`

/** A release that \`p_school\` may take: open, and to it or to nobody in particular; who graduated is free without one. */
const IS_FREE = `s.status <> 'STUDYING'
      and ((t.state = 'RELEASED' and (t.to_school is null or t.to_school = p_school)) or (t.id is null and s.status = 'GRADUATED'))`

const RELEASE_OF = `left join schools.student_transfer t
      on t.school_id = s.school_id and t.student_id = s.id and t.direction = 'OUT' and t.state in ('RELEASED', 'TAKEN')`

const KEPT = `kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');`

const RESTORE = `execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);`

/** Whoever crosses schools does so for one that the transaction opened, as nobody's application. */
const CROSS = (
  schools: string,
): string => `if p_school is null or p_school <> all (coalesce(nullif(kept_schools, '')::uuid[], '{}')) then
    raise exception 'the school is not open' using errcode = 'insufficient_privilege';
  end if;
  execute format('set local lt.schools = %L', ${schools}::text);
  execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';`

export class FamiliesComeAlong20261127T2006 extends Migration {
  override up(): void {
    this.addSql(`
create or replace function schools.take_pupils(p_school uuid, p_taken jsonb, p_day date, p_at timestamptz, p_application uuid, p_account uuid)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
  own record;
  one record;
  former record;
  person uuid;
  released uuid;
  since date;
  out_version integer;
  in_id uuid;
begin
  ${CROSS(`(select array_agg(distinct s) || p_school from (select (t ->> 'school')::uuid as s from jsonb_array_elements(p_taken) t) x)`)}
  select s.code, s.name into own from schools.school s where s.school_id = p_school;
  for one in
    select t.school, t.student, t.new_student
    from jsonb_to_recordset(p_taken) t (school uuid, student uuid, new_student uuid)
    order by t.school, t.student
  loop
    select s.code, s.version, s.status, t.id as transfer, t.version as transfer_version, t.person_id, t.released_on, c.name as class,
      c.grade, y.code as year, e.left_on, h.code as school_code, h.name as school_name
    into former
    from schools.student s
    join schools.school h on h.school_id = s.school_id
    ${RELEASE_OF}
    left join lateral (
      select l.class_id, l.school_year_id, l.left_on
      from schools.enrolment l
      where l.school_id = s.school_id
        and l.student_id = s.id
      order by l.admitted_on desc, l.id desc
      limit 1
    ) e on true
    left join schools.class_room c on c.school_id = s.school_id and c.id = e.class_id
    left join schools.school_year y on y.id = e.school_year_id
    where s.school_id = one.school
      and s.id = one.student
      and s.school_id <> p_school
      and ${IS_FREE}
    for no key update of s;
    if not found then
      raise exception 'the pupil is not released to this school' using errcode = 'insufficient_privilege';
    end if;
    person := coalesce(former.person_id, (
      select i.person_id
      from schools.student_transfer i
      where i.school_id = one.school and i.student_id = one.student and i.direction = 'IN'
      order by i.id desc
      limit 1), one.student);
    since := coalesce(former.released_on, former.left_on, p_day);
    if former.transfer is null then
      released := ${UUID_V7};
      out_version := 1;
      insert into schools.student_transfer (school_id, id, student_id, person_id, direction, state, to_school, other_school_code,
        other_school_name, released_on, taken_on, former_class, former_grade, former_year, updated_at)
      values (one.school, released, one.student, person, 'OUT', 'TAKEN', p_school, own.code, own.name, since, p_day,
        former.class, former.grade, former.year, p_at);
    else
      released := former.transfer;
      out_version := former.transfer_version + 1;
      insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at)
      select t.school_id, 'StudentTransfer', t.id, t.version, to_jsonb(t), p_at
      from schools.student_transfer t
      where t.school_id = one.school and t.id = released;
      update schools.student_transfer t
      set state = 'TAKEN', to_school = p_school, other_school_code = own.code, other_school_name = own.name, taken_on = p_day,
        version = out_version, updated_at = p_at
      where t.school_id = one.school and t.id = released;
    end if;
    -- The former record rises by one: a return that was judged before this does not go through after it.
    insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at)
    select s.school_id, 'Student', s.id, s.version, to_jsonb(s), p_at
    from schools.student s
    where s.school_id = one.school and s.id = one.student;
    update schools.student s
    set version = s.version + 1, updated_at = p_at
    where s.school_id = one.school and s.id = one.student;
    insert into schools.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version)
    values
      (one.school, p_at, 'StudentTransfer', released, former.code || '/' || released,
        case when out_version = 1 then 'NEW' else 'UPDATE' end, out_version),
      (one.school, p_at, 'Student', one.student, former.code, 'UPDATE', former.version + 1);

    -- Who comes back to a school that released them is here again.
    insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at, replaced_by_application_id,
      replaced_by_account_id)
    select t.school_id, 'StudentTransfer', t.id, t.version, to_jsonb(t), p_at, p_application, p_account
    from schools.student_transfer t
    where t.school_id = p_school and t.student_id = one.new_student and t.direction = 'OUT' and t.state = 'TAKEN';
    with back as (
      update schools.student_transfer t
      set state = 'RETURNED', version = t.version + 1, updated_at = p_at
      where t.school_id = p_school and t.student_id = one.new_student and t.direction = 'OUT' and t.state = 'TAKEN'
      returning t.id, t.version
    )
    insert into schools.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
    select p_school, p_at, 'StudentTransfer', b.id, former.code || '/' || b.id, 'UPDATE', b.version, p_application
    from back b;
    in_id := ${UUID_V7};
    insert into schools.student_transfer (school_id, id, student_id, person_id, direction, state, other_school_code,
      other_school_name, released_on, taken_on, former_class, former_grade, former_year, updated_at, application_id)
    values (p_school, in_id, one.new_student, person, 'IN', 'TAKEN', former.school_code, former.school_name, since, p_day,
      former.class, former.grade, former.year, p_at, p_application);
    insert into schools.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
    values (p_school, p_at, 'StudentTransfer', in_id, former.code || '/' || in_id, 'NEW', 1, p_application);

    with family as (
      select ${UUID_V7} as id, to_jsonb(g) as former
      from schools.guardian g
      where g.school_id = one.school
        and g.student_id = one.student
        and g.ended_on is null
        and not exists (
          select 1
          from schools.guardian o
          where o.school_id = p_school
            and o.student_id = one.new_student
            and o.full_name = g.full_name
            and o.relation = g.relation)
    ), come as (
      insert into schools.guardian
      select n.*
      from family f
      cross join lateral jsonb_populate_record(null::schools.guardian, f.former || jsonb_build_object(
        'school_id', p_school, 'id', f.id, 'student_id', one.new_student, 'consented_applications', '[]'::jsonb, 'version', 1, 'application_id', p_application,
        'updated_at', p_at)) n
      returning id
    )
    insert into schools.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
    select p_school, p_at, 'Guardian', c.id, former.code || '/' || c.id, 'NEW', 1, p_application
    from come c;
  end loop;
  ${RESTORE}
end
$$`)
  }
}
