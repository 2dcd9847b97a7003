// Where the writers write: a class for each, which nobody else touches, and a school that is not the application's.
import type { FaultPlatform } from './platform.ts'

export interface Place {
  readonly schoolId: string
  readonly schoolCode: string
  readonly communeCode: string
  readonly classId: string
  readonly teacher: string
  readonly pupils: readonly { readonly id: string; readonly code: string }[]
}

/** Classes of different schools first, each with a teacher of mathematics, where the application may write marks and the roster. */
export async function placesOf({ sql }: FaultPlatform, application: string, count: number): Promise<Place[]> {
  const rooms = await sql<Omit<Place, 'pupils'>>(
    `with room as (
       select distinct on (c.school_id, c.id) s.school_id, s.code, s.commune_code, c.id, c.name, p.code as teacher
       from identity.application a
       join access.school_grant g on g.application_id = a.id and g.scopes @> '{gradebook.write,school.write}'
       join schools.school s on s.school_id = g.school_id
       join schools.class_room c on c.school_id = s.school_id and c.level in ('THCS', 'THPT')
       join schools.term t on t.level = c.level and t.code = 'HKI' and t.school_year_id = c.school_year_id
       join schools.teaching_assignment x
         on x.school_id = c.school_id and x.class_id = c.id and x.term_id = t.id and x.subject_code = 'TOAN'
       join schools.staff p on p.school_id = x.school_id and p.id = x.staff_id
       where a.code = $1
       order by c.school_id, c.id, p.code
     )
     select school_id as "schoolId", code as "schoolCode", commune_code as "communeCode", id as "classId", teacher
     from room
     order by row_number() over (partition by school_id order by name), code
     limit $2`,
    [application, count],
  )
  const places: Place[] = []
  for (const room of rooms) {
    const pupils = await sql<{ id: string; code: string }>(
      `select id, code from schools.student where school_id = $1 and class_id = $2 and status = 'STUDYING' order by code limit 12`,
      [room.schoolId, room.classId],
    )
    places.push({ ...room, pupils })
  }
  if (places.length < count) throw new Error(`${application} has ${places.length} classes to write in, not ${count}`)
  return places
}
