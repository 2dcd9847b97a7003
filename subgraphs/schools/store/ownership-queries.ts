// The SQL of field owners and conflicts: who owns what, what is proposed, what is decided.

/** See the migration of identity: products with an agreement in force, to the roster alone. */
export const PRODUCTS_AT = `
select application_id as "applicationId", kind, scopes, since
from published.products_at($1, $2)`

const OWNER = `school_id as "schoolId", id, field_group as "group", owner_application_id as "ownerApplicationId", valid_from as "validFrom",
  valid_to as "validTo", reason, version, updated_at as "updatedAt"`

/** The declared lines of a day: at most one a group is without an end. */
export const OWNERS_DECLARED = `
select ${OWNER}
from schools.field_owner
where school_id = $1
  and $2::date between valid_from and coalesce(valid_to, 'infinity')
order by field_group, valid_from desc`

/** The line without an end of each group, locked by the school. */
export const OWNERS_IN_FORCE = `
select ${OWNER}
from schools.field_owner
where school_id = $1
  and valid_to is null`

export const END_OWNERS = `
update schools.field_owner o
set valid_to = greatest(o.valid_from, $2::date) - 1,
  version = o.version + 1,
  updated_at = $3
where o.school_id = $1
  and o.id = any ($4::uuid[])
returning o.id, o.version, o.field_group as "group"`

export const DECLARE_OWNERS = `
insert into schools.field_owner (school_id, id, field_group, owner_application_id, valid_from, reason, decided_by_account_id, version, updated_at)
select $1, k.id, k.field_group, k.application_id, $2, k.reason, $3, 1, $4
from unnest($5::uuid[], $6::text[], $7::uuid[], $8::text[]) as k (id, field_group, application_id, reason)`

/** What this application proposed for these records so far, the newest first, index field_conflict_by_record. */
export const PROPOSALS_OF = `
select id, version, entity_id as "entityId", field, state, former, proposed
from schools.field_conflict
where school_id = $1
  and entity_id = any ($2::uuid[])
  and proposed_by_application_id = $3
order by id desc`

/** What is proposed for a record that rests on consent rests on the same. */
export const PROPOSE = `
insert into schools.field_conflict (school_id, id, entity, entity_id, natural_key, field_group, field, former, proposed, effect,
  owner_application_id, proposed_by_application_id, proposed_by_account_id, proposed_at, state, version, updated_at, consented_applications)
select $1, k.id, $2, k.entity_id, k.natural_key, k.field_group, k.field, k.former, k.proposed, k.effect, k.owner, $3, $4, $5, 'OPEN', 1, $5,
  case $2
    when 'Guardian' then (select r.consented_applications from schools.guardian r where r.school_id = $1 and r.id = k.entity_id)
    when 'HealthRecord' then (select r.consented_applications from schools.health_record r where r.school_id = $1 and r.id = k.entity_id)
  end
from unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::jsonb[], $13::jsonb[], $14::uuid[])
  as k (id, entity_id, natural_key, field_group, field, former, proposed, effect, owner)`

/** The open proposal says what was sent last. */
export const PROPOSE_ANEW = `
update schools.field_conflict c
set former = k.former,
  proposed = k.proposed,
  effect = k.effect,
  owner_application_id = k.owner,
  proposed_by_account_id = $2,
  proposed_at = $3,
  version = c.version + 1,
  updated_at = $3
from unnest($4::uuid[], $5::jsonb[], $6::jsonb[], $7::jsonb[], $8::uuid[]) as k (id, former, proposed, effect, owner)
where c.school_id = $1
  and c.id = k.id
returning c.id, c.version`

/** Which records of a pupil there are, by their table. */
const OF_PUPIL = { Guardian: 'guardian', HealthRecord: 'health_record' } as const

const STUDENT_OF = `(case c.entity
    when 'Student' then c.entity_id
    ${Object.entries(OF_PUPIL)
      .map(
        ([entity, table]) =>
          `when '${entity}' then (select r.student_id from schools.${table} r where r.school_id = c.school_id and r.id = c.entity_id)`,
      )
      .join('\n    ')}
  end)`

const CONFLICT = `c.school_id as "schoolId", c.id, c.entity, c.entity_id as "recordId", ${STUDENT_OF} as "studentId", c.natural_key as "naturalKey", c.field_group as "group",
  c.field, c.former, c.proposed, c.effect, c.owner_application_id as "ownerApplicationId", c.proposed_by_application_id as "proposedByApplicationId",
  c.proposed_at as "proposedAt", c.state, c.reason, c.decided_at as "decidedAt", c.decided_by_application_id as "decidedByApplicationId",
  c.version, c.updated_at as "updatedAt"`

/**
 * Whom the terms of the agreement leave out, the policies hide, and what is proposed for them with them; so too where a family has
 * not consented: what is proposed for its record is the principal's to decide.
 */
const RECORD_SEEN = `(case c.entity
    when 'Student' then exists (select 1 from schools.student r where r.school_id = c.school_id and r.id = c.entity_id)
    when 'ClassRoom' then exists (select 1 from schools.class_room r where r.school_id = c.school_id and r.id = c.entity_id)
    when 'Staff' then exists (select 1 from schools.staff r where r.school_id = c.school_id and r.id = c.entity_id)
    ${Object.entries(OF_PUPIL)
      .map(
        ([entity, table]) => `when '${entity}' then exists (
      select 1
      from schools.${table} r
      join schools.student s on s.school_id = r.school_id and s.id = r.student_id
      where r.school_id = c.school_id
        and r.id = c.entity_id)`,
      )
      .join('\n    ')}
    when 'Facility' then exists (select 1 from schools.facility r where r.school_id = c.school_id and r.id = c.entity_id)
    when 'Campus' then exists (select 1 from schools.campus r where r.school_id = c.school_id and r.id = c.entity_id)
    when 'TeachingAssignment' then exists (select 1 from schools.teaching_assignment r where r.school_id = c.school_id and r.id = c.entity_id)
    else exists (select 1 from schools.homeroom_assignment r where r.school_id = c.school_id and r.id = c.entity_id)
  end)`

/** Keyset over id, the newest first, index field_conflict_by_state. */
export const CONFLICT_PAGE = `
select ${CONFLICT}
from schools.field_conflict c
where c.school_id = $1
  and c.state = $2
  and c.field_group = any ($3::text[])
  and ($4::uuid is null or c.id < $4)
  and ${RECORD_SEEN}
order by c.id desc
limit $5`

export const CONFLICTS_BY_ID = `
select ${CONFLICT}
from schools.field_conflict c
where c.school_id = $1
  and c.id = any ($2::uuid[])
  and ${RECORD_SEEN}`

export const DECIDE_CONFLICTS = `
update schools.field_conflict c
set state = k.state,
  reason = k.reason,
  decided_at = $2,
  decided_by_application_id = $3,
  decided_by_account_id = $4,
  version = c.version + 1,
  updated_at = $2
from unnest($5::uuid[], $6::text[], $7::text[]) as k (id, state, reason)
where c.school_id = $1
  and c.id = k.id
  and c.state = 'OPEN'
returning c.id, c.version`

export const AUTHORITY_KIND = `
select kind
from schools.authority
where id = $1
  and $2::date between valid_from and coalesce(valid_to, 'infinity')`
