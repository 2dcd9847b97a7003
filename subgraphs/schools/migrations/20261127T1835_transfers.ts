// Transfers between schools: what was released and taken, how a claim crosses schools, and how often who claimed.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools } from '../../kernel/migration-kit.ts'

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

/** The schools of the caller's world: the province's, or those of its sandbox tenant. */
const PROVINCE = `(select array_agg(distinct k.school) from schools.school_code k)`

export class Transfers20261127T1835 extends Migration {
  override up(): void {
    // At either school a row of its own: what left, what came. The person is the first record of the pupil that we know of.
    this.addSql(`
create table schools.student_transfer (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  direction text not null,
  state text not null,
  to_school uuid,
  other_school_code text,
  other_school_name text,
  released_on date not null,
  taken_on date,
  reason text,
  former_class text,
  former_grade smallint,
  former_year text,
  version integer not null default 1,
  updated_at timestamptz not null,
  application_id uuid,
  primary key (school_id, id),
  constraint student_transfer_direction_known check (direction in ('OUT', 'IN')),
  constraint student_transfer_state_known check (state in ('RELEASED', 'TAKEN', 'WITHDRAWN', 'RETURNED')),
  constraint student_transfer_of_student foreign key (school_id, student_id) references schools.student (school_id, id)
)`)
    this.addSql(`create index student_transfer_by_student on schools.student_transfer (school_id, student_id, released_on)`)
    this.addSql(`create unique index student_transfer_one_in_force on schools.student_transfer (school_id, student_id)
  where direction = 'OUT' and state in ('RELEASED', 'TAKEN')`)
    for (const sql of openToAgreedSchools('schools.student_transfer')) this.addSql(sql)
    // Who claims knows no school: these serve the one question that is asked across all of them.
    this.addSql(`create index student_by_code on schools.student (code)`)
    this.addSql(`create index student_by_personal_number on schools.student (personal_number) where personal_number is not null`)

    // People who claim for a school in person are counted together, under the nil id.
    this.addSql(`
create table schools.transfer_claim_count (
  school_id uuid not null,
  application_id uuid not null,
  day date not null,
  asked integer not null default 0,
  matched integer not null default 0,
  taken integer not null default 0,
  refused integer not null default 0,
  primary key (school_id, application_id, day)
)`)
    for (const sql of openToAgreedSchools('schools.transfer_claim_count')) this.addSql(sql)

    // Whether pupils of other schools hold these codes or numbers, and no more: no school, no name, no id.
    this.addSql(`
create function schools.pupils_elsewhere(p_school uuid, p_codes text[], p_numbers text[])
returns table (word text, studying boolean)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
begin
  ${CROSS(PROVINCE)}
  return query
    select w.word, bool_or(w.studying)
    from (
      select s.code as word, s.status = 'STUDYING' as studying
      from schools.student s
      where s.code = any (p_codes)
        and s.school_id <> p_school
      union all
      select s.personal_number, s.status = 'STUDYING'
      from schools.student s
      where s.personal_number = any (p_numbers)
        and s.school_id <> p_school
    ) w
    group by w.word;
  ${RESTORE}
end
$$`)

    // A claim names a pupil by code or number and proves to know the pupil by name and birth date; all three agree or nobody is
    // meant. Of one who is not released to this school the answer is a single bit. Who is has the record in it, and its row is
    // locked: of two schools that claim at once the second finds it taken. Names are compared by their sort keys, less the place
    // of the tone in its syllable (hoà, hòa).
    this.addSql(`
create function schools.find_claimed(p_school uuid, p_claims jsonb)
returns table (place integer, matched boolean, former_school uuid, former_student uuid, record jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ${KEPT}
  -- Compared as they stand, so that each of the two indexes serves its own words.
  codes text[] := array(select c ->> 'code' from jsonb_array_elements(p_claims) c where c ->> 'code' is not null);
  numbers text[] := array(select c ->> 'number' from jsonb_array_elements(p_claims) c where c ->> 'number' is not null);
begin
  ${CROSS(PROVINCE)}
  perform 1
  from schools.student s
  where (s.code = any (codes) or s.personal_number = any (numbers))
    and s.school_id <> p_school
    and s.status <> 'STUDYING'
  order by s.school_id, s.id
  for no key update;
  return query
    with claim as (
      select c.place, c.code, c.number, c.name, c.birth
      from jsonb_to_recordset(p_claims) c (place integer, code text, number text, name text, birth date)
    ), candidate as (
      select c.place, s.school_id, s.id, s.status, t.state, ${IS_FREE} as free, to_jsonb(s) as record
      from schools.student s
      join claim c on (c.code = s.code or c.number = s.personal_number)
      ${RELEASE_OF}
      where (s.code = any (codes) or s.personal_number = any (numbers))
        and s.school_id <> p_school
        and s.birth_date = c.birth
        and split_part(s.sort_name, '!', 1) || '!' || replace(split_part(s.sort_name, '!', 2), '0', '') = c.name
        and t.state is distinct from 'TAKEN'
    ), verdict as (
      select k.place, bool_or(k.status = 'STUDYING') as held
      from candidate k
      group by k.place
    )
    select v.place, true, f.school_id, f.id, f.record
    from verdict v
    left join lateral (
      select k.school_id, k.id, k.record
      from candidate k
      where k.place = v.place
        and k.free
        and not v.held
      order by k.state nulls last, k.record ->> 'updated_at' desc
      limit 1
    ) f on true;
  ${RESTORE}
end
$$`)

    // The record goes over: the former school's line closes for good, the new school's opens, the family comes along without the
    // consents that it gave for the other school. The right is proven again here: whoever calls this without a release is refused.
    this.addSql(`
create function schools.take_pupils(p_school uuid, p_taken jsonb, p_day date, p_at timestamptz, p_application uuid, p_account uuid)
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
        'school_id', p_school, 'id', f.id, 'student_id', one.new_student, 'consented_applications', '[]'::jsonb, 'version', 1,
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

    // Compliance has no school of its own and sees every school's counts: the office is proven here, not believed.
    this.addSql(`
create function schools.claims_overseen(p_account uuid, p_from date, p_to date)
returns setof schools.transfer_claim_count
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  kept_schools text := coalesce(current_setting('lt.schools', true), '');
begin
  if not exists (
    select 1
    from access.person p
    where p.account_id = p_account
      and p.role = 'COMPLIANCE_OFFICER'
      and p.status = 'ACTIVE') then
    return;
  end if;
  execute format('set local lt.schools = %L', ${PROVINCE}::text);
  return query
    select n.*
    from schools.transfer_claim_count n
    where n.day between p_from and p_to;
  execute format('set local lt.schools = %L', kept_schools);
end
$$`)
    this.addSql(`revoke all on function schools.pupils_elsewhere(uuid, text[], text[]), schools.find_claimed(uuid, jsonb),
  schools.take_pupils(uuid, jsonb, date, timestamptz, uuid, uuid), schools.claims_overseen(uuid, date, date) from public`)
  }
}
