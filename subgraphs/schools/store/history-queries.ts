// The SQL of histories: the versions of one record after another, the newest first, told column by column.
import type { Part } from '../roster/history.ts'

/**
 * Of many records a page each: $1 schools, $2 ids, $3 versions before which the page begins, $4 rows a page, $5 the schools opened.
 * A record has a history where the record itself is seen, so each is found under the policies first. Former versions are one range
 * of their primary key, read backwards, under policies of their own. No column leaves that the part does not tell.
 */
export function versionsOf({ table, entity, throughStudent, student, fields }: Part): string {
  const id = table === 'school' ? 's.school_id' : 's.id'
  const columns = Object.values(fields).map(({ column }) => `v.record ->> '${column}'`)
  const pupil = throughStudent ? '\njoin schools.student p on p.school_id = s.school_id and p.id = s.student_id' : ''
  return `
select k.place::int as "place", v.version, (v.record ->> 'updated_at')::timestamptz as "validFrom", v.replaced_at as "validTo",
  v.replaced_by_account_id as "replacedByAccountId", v.record ->> 'application_id' as "applicationId",
  ${student ? `s.${student}` : 'null'} as "studentId", array[${columns.join(', ')}] as "texts"
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) with ordinality k (school_id, id, before, size, place)
join schools.${table} s on s.school_id = k.school_id and ${id} = k.id${pupil}
cross join lateral (
  select s.version, to_jsonb(s) as record, null::timestamptz as replaced_at, null::uuid as replaced_by_account_id
  where s.version < k.before
  union all
  (select f.version, f.record, f.replaced_at, f.replaced_by_account_id
  from schools.former_version f
  where f.school_id = k.school_id
    and f.entity = '${entity}'
    and f.entity_id = k.id
    and f.version < k.before
  order by f.version desc
  limit k.size)
) v
where s.school_id = any ($5::uuid[])
order by k.place, v.version desc`
}
