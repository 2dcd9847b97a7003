// The SQL of the reports: published views and the own collection windows, counts only. Every statement names its schools.

/**
 * The authority asked for, if it is the officer's own or stands below it. A province has a few hundred authorities, and
 * the chain upwards is at most four long.
 */
export const AUTHORITY_BELOW = `
with recursive chain as (
  select a.id, a.name, a.id as at, a.parent_id
  from published.authority a
  where a.id = $1
  union all
  select c.id, c.name, p.id, p.parent_id
  from chain c
  join published.authority p on p.id = c.parent_id
)
select id, name
from chain
where at = $2`

/** What of the officer's schools stands under that authority on the day; the officer's own reach is already open. */
export const SCHOOLS_OF_AUTHORITY = `
select distinct o.school_id as "schoolId"
from access.oversight o
where o.school_id = any ($1::uuid[])
  and o.authority_id = $2
  and $3::date between o.valid_from and coalesce(o.valid_to, 'infinity')`

export const REPORTED_SCHOOLS = `
select school_id as "schoolId", name, levels
from published.school
where school_id = any ($1::uuid[])`

/**
 * Plans on offer in the month ($2 to $3) and their pupils on its last day or today ($4). The provider is the vendor behind
 * the plan's application: the newest agreement names it, in force or not, because the month may lie before its end.
 */
export const CONTACT_BOOKS_OF_MONTH = `
select b.school_id as "schoolId", b.fee_per_month as "feePerMonth", b.messages_per_month as "messagesPerMonth",
  b.uses_brandname and coalesce($4::date between b.brandname_from and b.brandname_to, false) as "usesSmsBrandname",
  coalesce(sum(b.subscribers) filter (where b.since <= $4 and (b.until is null or b.until > $4)), 0)::integer as "registeredStudents",
  (
    select u.vendor_name
    from published.software_in_use u
    where u.school_id = b.school_id
      and u.application_id = b.application_id
    order by u.signed_at desc
    limit 1
  ) as "providerName"
from published.contact_book b
where b.school_id = any ($1::uuid[])
  and b.valid_from <= $3::date
  and b.valid_to >= $2::date
group by b.school_id, b.plan_id, b.application_id, b.name, b.fee_per_month, b.messages_per_month, b.uses_brandname, b.brandname_from, b.brandname_to
order by b.school_id, b.name, b.plan_id`

/** Agreements in force on the day with products that may be used. */
export const SOFTWARE_IN_USE = `
select distinct on (school_id, application_kind, application_name, application_id)
  school_id as "schoolId", application_kind as kind, application_id as "applicationId", application_name as "productName",
  vendor_name as "vendorName", valid_from as "validFrom", valid_to as "validTo"
from published.software_in_use
where school_id = any ($1::uuid[])
  and application_status = 'ACTIVE'
  and $2::date between valid_from and valid_to
order by school_id, application_kind, application_name, application_id, valid_to desc`

/** The first window that the month falls into. */
export const DUE_DAY = `
select due_on as "dueOn"
from reporting.collection_window
where report = $1
  and opens_on <= $3::date
  and due_on >= $2::date
order by due_on
limit 1`
