// What the grants say of the caller itself, for an explanation. The tables of schema access belong to no school.

/** Primary key: what the application was approved for, whatever its token holds. */
export const SCOPES_OF_CLIENT = `
select scopes
from access.client
where client_id = $1`

/** Primary key: what the office of a person lends them. */
export const SCOPES_OF_ACCOUNT = `
select scopes
from identity.account
where id = $1`

/** Index school_grant_by_application: the agreements of one application in force on a day. */
export const AGREEMENTS_IN_FORCE = `
select school_id as "schoolId", array_agg(agreement_id order by agreement_id) as "agreementIds"
from access.school_grant
where application_id = $1
  and $2::date between valid_from and valid_to
group by school_id`
