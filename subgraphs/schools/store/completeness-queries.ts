// The SQL of completeness: how many profiles of a school lack which attribute, and which records these are. No value is read out.
import { isSensitive, requiredOf, type Profile, type RequiredAttribute } from '../roster/required-attributes.ts'

interface Place {
  readonly from: string
  /** Which records are looked at: those of today. $1 the schools, $2 those whose sensitive data may be read, $3 the day. */
  readonly today: string
  readonly level: string | null
  readonly key: string
  readonly order: string
  /** When an attribute of this name is missing. */
  readonly missing: Readonly<Record<string, string>>
}

const none = (table: string, column: string, also: string): string =>
  `not exists (select 1 from schools.${table} o where o.school_id = any ($1::uuid[]) and o.school_id = s.school_id and o.${column} = s.id and ${also})`

const PLACES: Readonly<Record<Profile, Place>> = {
  SCHOOL: {
    from: 'schools.school s',
    today: 'true',
    level: null,
    key: 's.code',
    order: 's.code',
    missing: {
      levels: `s.levels = '{}'`,
      communeCode: `s.commune_code = ''`,
      address: `s.address = ''`,
    },
  },
  CLASS_ROOM: {
    from: 'schools.class_room s',
    today: `s.school_year_id = (select y.id from schools.school_year y where y.starts_on <= $3::date order by y.starts_on desc limit 1)`,
    level: 's.level',
    key: 's.name',
    order: 's.name',
    missing: {
      homeroomTeacher: none('homeroom_assignment', 'class_id', 'o.ended_on is null'),
      teachingAssignments: none('teaching_assignment', 'class_id', 'o.active'),
    },
  },
  STAFF: {
    from: 'schools.staff s',
    // Who moved away (3) or retired (6) is no longer there: R26.
    today: 's.status not in (3, 6)',
    level: null,
    key: 's.code',
    order: 's.sort_name',
    missing: {
      sex: `s.sex = 'UNKNOWN'`,
      birthDate: 's.birth_date is null',
    },
  },
  STUDENT: {
    from: `schools.student s
left join schools.class_room c on c.school_id = any ($1::uuid[]) and c.school_id = s.school_id and c.id = s.class_id`,
    today: `s.status = 'STUDYING'`,
    level: 'c.level',
    key: 's.code',
    order: 's.sort_name',
    missing: {
      sex: `s.sex = 'UNKNOWN'`,
      classRoom: 's.class_id is null',
      birthplace: 's.birthplace is null',
      nationality: 's.nationality is null',
      communeCode: 's.commune_code is null',
      address: 's.address is null',
      personalNumber: 's.personal_number is null',
      ethnicityCode: 's.ethnicity_code is null',
      canSwim: 's.can_swim is null',
      youthMembership: 's.youth_membership is null',
    },
  },
}

/** Fields for which there is a condition; the test compares them with the data. */
export const knownFields = (profile: Profile): readonly string[] => Object.keys(PLACES[profile].missing)

function condition({ level, missing }: Place, attribute: RequiredAttribute): string {
  return [
    missing[attribute.field]!,
    ...(attribute.levels && level ? [`${level} in (${attribute.levels.map((each) => `'${each}'`).join(', ')})`] : []),
    ...(isSensitive(attribute) ? ['s.school_id = any ($2::uuid[])'] : []),
  ].join(' and ')
}

/** `$2` and `$3` are there in every statement, so that all take the same values. */
const where = ({ today }: Place): string => `s.school_id = any ($1::uuid[])
  and ($2::uuid[] is not null and $3::date is not null)
  and ${today}`

const conditionsOf = (profile: Profile): readonly string[] =>
  requiredOf(profile).map((attribute) => `(${condition(PLACES[profile], attribute)})`)

function counts(profile: Profile, by: 's.school_id' | 's.class_id', also: string): string {
  const conditions = conditionsOf(profile)
  return `
select s.school_id as "schoolId", ${by} as "id", count(*)::int as records,
  (count(*) filter (where ${conditions.join(' or ')}))::int as incomplete,
  array[${conditions.map((each) => `(count(*) filter (where ${each}))::int`).join(', ')}] as missing
from ${PLACES[profile].from}
where ${where(PLACES[profile])}${also}
group by s.school_id, ${by}`
}

export const COUNTS: Readonly<Record<Profile, string>> = {
  SCHOOL: counts('SCHOOL', 's.school_id', ''),
  CLASS_ROOM: counts('CLASS_ROOM', 's.school_id', ''),
  STAFF: counts('STAFF', 's.school_id', ''),
  STUDENT: counts('STUDENT', 's.school_id', ''),
}

/** The pupils of classes, by index student_by_class. */
export const COUNTS_OF_CLASSES = counts('STUDENT', 's.class_id', `\n  and s.class_id = any ($4::uuid[])`)

const missingOf = (profile: Profile): string => `array[${conditionsOf(profile).join(', ')}] as missing`

/** Keyset over the order of the school's own list; $4 an attribute by its place, null for any; $5 and $6 where to begin. */
export function incompletePage(profile: Profile): string {
  const place = PLACES[profile]
  const id = profile === 'SCHOOL' ? 's.school_id' : 's.id'
  const conditions = conditionsOf(profile)
  return `
select s.school_id as "schoolId", ${id} as "id", ${place.key} as "key", ${place.order} as "order", ${missingOf(profile)}
from ${place.from}
where ${where(place)}
  and (${place.order}, ${id}) > ($5::text, $6::uuid)
  and (${conditions.join('\n    or ')})
  and ($4::int is null or (array[${conditions.join(', ')}])[$4::int])
order by ${place.order}, ${id}
limit $7::int`
}

/** Of certain pupils or staff; whoever left has nothing to complete. */
export const missingOfRecords = (profile: 'STAFF' | 'STUDENT'): string => `
select s.school_id as "schoolId", s.id, ${missingOf(profile)}
from ${PLACES[profile].from}
where ${where(PLACES[profile])}
  and s.id = any ($4::uuid[])`
