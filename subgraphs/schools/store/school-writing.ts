// The SQL by which authorities write schools: what a batch is judged by, and one statement for each table.

/** All batches of schools follow one another: a code is unique in the province, and none meets another at it. */
export const LOCK_PROVINCE = `
select id
from schools.authority
where kind = 'DEPARTMENT'
order by id
for no key update`

export const AUTHORITIES_IN_FORCE = `
select id, code, kind, unit_code as "unitCode", valid_from as "validFrom", valid_to as "validTo"
from schools.authority
where kind in ('DEPARTMENT', 'COMMUNE')
order by code`

/** Whose the codes are, present and past, with all others that lead to the same schools; that a code is taken is public. */
export const CODES_TAKEN = `
select code, school
from schools.school_code
where school in (
  select k.school
  from schools.school_code k
  where k.code = any ($1::text[]))`

/** Index school_code_by_school. */
export const CODES_OF_SCHOOLS = `
select code, school
from schools.school_code
where school = any ($1::uuid[])
  and not current
order by code`

/** Schools open to the officer, held until the batch ends, with who manages them now or will. */
export const SCHOOLS_AT_HAND = `
select s.school_id as "id", s.version, s.code, s.name, s.name_en, array_to_string(s.levels, ',') as levels, s.ownership,
  s.commune_code, s.address, s.valid_from, s.valid_to, o.authority_id as "managedBy", o.valid_from as "managedFrom",
  exists (
    select 1
    from access.oversight m
    where m.school_id = s.school_id
      and m.authority_id = $2
      and m.kind = 'MANAGING'
      and $3::date between m.valid_from and coalesce(m.valid_to, 'infinity')) as "isManagedToday"
from schools.school s
left join access.oversight o on o.school_id = s.school_id and o.kind = 'MANAGING' and o.valid_to is null
where s.school_id = any ($1::uuid[])
order by s.school_id
for no key update of s`

/** The officer's schools, computed again from the oversight that this transaction has just written. */
export const OPEN_AGAIN = `select access.open_viewer(null, $1, 'school.write', null, $2) as "schools"`

/** An authority passes a school on with the last day before. */
export const END_MANAGING = `
update access.oversight o
set valid_to = k.day - 1
from unnest($1::uuid[], $2::date[]) as k (school_id, day)
where o.school_id = k.school_id
  and o.kind = 'MANAGING'
  and o.valid_to is null`

export const OVERSEE = `
insert into access.oversight (authority_id, school_id, kind, valid_from)
select k.authority_id, k.school_id, k.kind, k.valid_from
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[]) as k (authority_id, school_id, kind, valid_from)`

export const KEEP_FORMER_SCHOOLS = `
insert into schools.former_version (school_id, entity, entity_id, version, record, replaced_at, replaced_by_account_id)
select s.school_id, 'School', s.school_id, s.version, to_jsonb(s), $2, $3
from schools.school s
where s.school_id = any ($1::uuid[])`

/** A new school has no product yet: the application of the last change is nobody's. */
export const UPSERT_SCHOOLS = `
insert into schools.school as s (school_id, updated_at, version, code, name, name_en, levels, ownership, commune_code, address,
  valid_from, valid_to, status)
select k.id, $1, k.version, k.code, k.name, k.name_en, string_to_array(k.levels, ','), k.ownership, k.commune_code, k.address,
  k.valid_from, k.valid_to, 'ACTIVE'
from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::text[],
    $11::date[], $12::date[])
  as k (id, version, code, name, name_en, levels, ownership, commune_code, address, valid_from, valid_to)
order by k.id
on conflict (school_id) do update
set updated_at = excluded.updated_at,
  version = excluded.version,
  code = excluded.code,
  name = excluded.name,
  name_en = excluded.name_en,
  levels = excluded.levels,
  ownership = excluded.ownership,
  commune_code = excluded.commune_code,
  address = excluded.address,
  valid_from = excluded.valid_from,
  valid_to = excluded.valid_to,
  application_id = null`

/** The present code of each school, and the codes that lead to it from before. */
export const RETIRE_CODES = `
update schools.school_code
set current = false
where school = any ($1::uuid[])
  and current`

export const UPSERT_CODES = `
insert into schools.school_code as c (code, current, school)
select k.code, k.current, k.school
from unnest($1::text[], $2::boolean[], $3::uuid[]) as k (code, current, school)
on conflict (code) do update
set current = excluded.current,
  school = excluded.school,
  passed_from = coalesce(c.passed_from, nullif(c.school, excluded.school))`
