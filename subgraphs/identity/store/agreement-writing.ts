// The SQL that writes what a school agrees to: proposals, signatures, amendments, ends, accounts removed, and their events.

const TERMS = `purpose, scopes, levels, school_years, valid_from, valid_to`

export const LEVELS_OF_SCHOOL = `
select levels
from published.school
where school_id = $1`

/** Index agreement_proposal_one_open refuses a second one. */
export const INSERT_PROPOSAL = `
insert into identity.agreement_proposal (school_id, id, agreement_id, application_id, version, state, ${TERMS}, proposed_at, decided_at, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict do nothing
returning id`

/** Without schools the policies decide alone, as they do for the vendor’s own. */
export const FIND_PROPOSAL = `
select school_id as "schoolId", id, agreement_id as "agreementId", application_id as "applicationId", version, state, purpose,
  scopes as "scopeNames", levels, school_years as "schoolYears", valid_from as "validFrom", valid_to as "validTo"
from identity.agreement_proposal
where id = $1
  and ($2::uuid[] is null or school_id = any ($2))`

/** Locked: a proposal is decided once. */
export const LOCK_PROPOSAL = `${FIND_PROPOSAL}
for update`

export const DECIDE_PROPOSAL = `
update identity.agreement_proposal
set state = $3, decided_at = $4, reason = $5
where school_id = $1
  and id = $2`

export const FIND_AGREEMENT = `
select school_id as "schoolId", id, application_id as "applicationId", version, coalesce(ended_as, 'SIGNED') as state, purpose,
  scopes as "scopeNames", levels, school_years as "schoolYears", valid_from as "validFrom", valid_to as "validTo"
from identity.agreement
where id = $1
  and ($2::uuid[] is null or school_id = any ($2))`

export const LOCK_AGREEMENT = `${FIND_AGREEMENT}
for update`

/** In force today or later, of one school and application. */
export const STANDING_AGREEMENT = `
select id
from identity.agreement
where school_id = $1
  and application_id = $2
  and ended_at is null
  and valid_to >= $3::date`

export const INSERT_AGREEMENT = `
insert into identity.agreement (school_id, id, application_id, ${TERMS}, signed_by_staff_id, signed_at, version, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $11)`

/** The terms that are about to be replaced, as they stand. */
export const KEEP_AGREEMENT_VERSION = `
insert into identity.agreement_version (school_id, agreement_id, version, application_id, ${TERMS}, signed_by_staff_id, signed_at, replaced_at)
select school_id, id, version, application_id, ${TERMS}, signed_by_staff_id, signed_at, $3
from identity.agreement
where school_id = $1
  and id = $2`

export const AMEND_AGREEMENT = `
update identity.agreement
set purpose = $3, scopes = $4, levels = $5, school_years = $6, valid_from = $7, valid_to = $8, signed_by_staff_id = $9, signed_at = $10,
  version = version + 1, updated_at = $10
where school_id = $1
  and id = $2`

export const END_AGREEMENT = `
update identity.agreement
set ended_at = $3, ended_as = $4, end_reason = $5, version = version + 1, updated_at = $3
where school_id = $1
  and id = $2`

/** An amendment that was proposed to an agreement that ends is nothing to sign any more. */
export const WITHDRAW_OPEN_AMENDMENTS = `
update identity.agreement_proposal
set state = 'WITHDRAWN', decided_at = $3
where school_id = $1
  and agreement_id = $2
  and state = 'PROPOSED'`

/** See the migration: the school opens, narrows or closes with the commit. */
export const PUBLISH_AGREEMENT = `select identity.publish_agreement($1::uuid, $2::uuid, $3::timestamptz)`

/** Who signs for a school: the principal, by the membership in force today. */
export const PRINCIPAL_STAFF = `
select staff_id as "staffId"
from access.membership
where account_id = $1
  and school_id = $2
  and role = 'PRINCIPAL'
  and $3::date between valid_from and coalesce(valid_to, 'infinity')`

/** Whether the authority manages the school on the day: the era of the Phòng and the era of the communes answer for their dates. */
export const MANAGES_SCHOOL = `
select 1
from access.oversight
where authority_id = $1
  and school_id = $2
  and kind = 'MANAGING'
  and $3::date between valid_from and coalesce(valid_to, 'infinity')`

export const APPEND_SCHOOL_EVENT = `
insert into identity.school_event (school_id, id, at, subject, subject_id, application_id, act, from_state, to_state, version, reason,
  client_id, account_id, party_name)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

/** What is open to the application at the school on a day, grant by grant. */
export const GRANTS_ON = `
select g.agreement_id as "agreementId", g.scopes as "scopeNames", g.levels, g.school_years as "schoolYears"
from access.school_grant g
where g.application_id = $1
  and g.school_id = $2
  and $3::date between g.valid_from and g.valid_to`

/** Approved for a day, if the application is in use. */
export const APPROVED_ON = `
select coalesce(array_agg(distinct s.scope), '{}') as scopes
from identity.approval p
join identity.application a on a.id = p.application_id and a.status = 'ACTIVE'
cross join unnest(p.scopes) s (scope)
where p.application_id = $1
  and $2::date between p.valid_from and least(p.valid_to, p.superseded_from - 1)`

export const PUPILS_OF_SCHOOL = `
select c.level, c.school_year_code as "schoolYear", count(*)::int as count
from published.student s
left join published.class_room c on c.school_id = s.school_id and c.id = s.class_id
where s.school_id = $1
  and s.status = 'STUDYING'
group by c.level, c.school_year_code`

/** The account at a school that the remover ($4) is principal of today: a principal who teaches elsewhere is a teacher there. */
export const LOCK_MEMBERSHIP = `
select m.account_id as "accountId", m.school_id as "schoolId", m.role, a.display_name as "displayName"
from access.membership m
join identity.account a on a.id = m.account_id
where m.account_id = $1
  and m.school_id = any ($2::uuid[])
  and $3::date between m.valid_from and coalesce(m.valid_to, 'infinity')
  and m.school_id in (
    select own.school_id
    from access.membership own
    where own.account_id = $4
      and own.role = 'PRINCIPAL'
      and $3::date between own.valid_from and coalesce(own.valid_to, 'infinity')
  )
order by m.school_id
for update of m`

/** Yesterday was the last day: what is removed today is closed today, and an office that was still to come does not come. */
export const END_MEMBERSHIPS = `
update access.membership
set valid_to = $3::date - 1
where account_id = $1
  and school_id = $2
  and coalesce(valid_to, 'infinity') >= $3::date`

/** An account without a school or an authority has no office left to sign in for. */
export const CLOSE_ACCOUNT_WITHOUT_OFFICE = `
update identity.account a
set status = 'REVOKED', updated_at = $2
where a.id = $1
  and a.authority_id is null
  and not exists (
    select 1
    from access.membership m
    where m.account_id = a.id
      and coalesce(m.valid_to, 'infinity') >= $3::date)`

export const PUBLISH_PERSON = `select identity.publish_person($1::uuid, $2::timestamptz)`
