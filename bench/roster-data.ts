// A roster of any size, made by the database itself: schools of 1,000 pupils in 25 classes, open to one application.
import type { Client } from 'pg'

export const PUPILS_A_SCHOOL = 1_000

export interface SchoolOfBench {
  readonly id: string
  /** One of its classes, and the code of one of its pupils. */
  readonly room: string
  readonly code: string
}

const FAMILY = `array['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý']`
const MIDDLE = `array['Văn', 'Thị', 'Đức', 'Minh', 'Hoàng', 'Thu', 'Ngọc', 'Quốc', 'Thanh', 'Hữu']`
const GIVEN = `array['An', 'Ánh', 'Bình', 'Châu', 'Dũng', 'Đạt', 'Giang', 'Hà', 'Hải', 'Hạnh', 'Hiếu', 'Hoa', 'Huy', 'Khánh', 'Lan', 'Linh', 'Long', 'Mai', 'Minh', 'Nam', 'Nga', 'Phong', 'Phúc', 'Quân', 'Sơn', 'Tâm', 'Thảo', 'Trang', 'Tuấn', 'Vân', 'Yến']`

export async function fillRoster(admin: Client, pupils: number, scopes: readonly string[]): Promise<SchoolOfBench[]> {
  const schools = Math.max(1, Math.round(pupils / PUPILS_A_SCHOOL))
  const run = (text: string, values: unknown[] = []) => admin.query(text, values)
  await run(
    `insert into schools.school (school_id, code, name, levels, ownership, commune_code, address, status, updated_at)
     select gen_random_uuid(), 'B' || lpad(n::text, 7, '0'), 'Trường THPT số ' || n, '{THPT}', 1, '00001', 'Số ' || n, 'ACTIVE', '2026-09-05'
     from generate_series(1, $1::int) n`,
    [schools],
  )
  await run(
    `insert into schools.school_code (code, current, school) select code, true, school_id from schools.school where code like 'B%'`,
  )
  await run(
    `insert into schools.class_room (school_id, id, school_year_id, name, grade, level, updated_at)
     select s.school_id, gen_random_uuid(), y.id, '10A' || n, 10, 'THPT', '2026-09-05'
     from schools.school s, schools.school_year y, generate_series(1, 25) n
     where s.code like 'B%' and y.code = '2026-2027'`,
  )
  await run(
    `insert into schools.student (school_id, id, code, full_name, given_name, sort_name, sex, birth_date, status, class_id, updated_at)
     select c.school_id, gen_random_uuid(), '36' || lpad(((c.place - 1) * 40 + n)::text, 8, '0'), w.name, w.given,
       schools.vietnamese_key(schools.given_first(w.name)), case when h % 2 = 0 then 'MALE' else 'FEMALE' end, date '2011-01-01' + h % 365, 'STUDYING', c.id,
       timestamptz '2026-09-05' + h * interval '1 second'
     from (select school_id, id, row_number() over (order by school_id, id) as place from schools.class_room r
           where exists (select 1 from schools.school s where s.school_id = r.school_id and s.code like 'B%')) c
     cross join generate_series(1, 40) n
     cross join lateral (select abs(hashint8(c.place * 40 + n)) as h) k
     cross join lateral (
       select g.given, (${FAMILY})[h % 16 + 1] || ' ' || (${MIDDLE})[h / 16 % 10 + 1] || ' ' || g.given as name
       from (select (${GIVEN})[h / 160 % 31 + 1] as given) g) w`,
  )
  await run(
    `insert into schools.enrolment (school_id, id, student_id, class_id, school_year_id, admitted_on, status, updated_at)
     select p.school_id, gen_random_uuid(), p.id, p.class_id, c.school_year_id, '2026-09-05', 'STUDYING', p.updated_at
     from schools.student p join schools.class_room c on c.school_id = p.school_id and c.id = p.class_id
     where p.code like '36%'`,
  )
  // As the agreement of another school of the application, with the scopes of this benchmark.
  const { rows: columns } = await run(
    `select attname as name from pg_attribute where attrelid = 'access.school_grant'::regclass and attnum > 0 and not attisdropped order by attnum`,
  )
  const valueOf: Record<string, string> = {
    school_id: 's.school_id',
    scopes: '$1::text[]',
    id: 'gen_random_uuid()',
    agreement_id: 'gen_random_uuid()',
  }
  const names = (columns as { name: string }[]).map(({ name }) => name)
  await run(
    `insert into access.school_grant (${names.join(', ')})
     select ${names.map((name) => valueOf[name] ?? `g.${name}`).join(', ')}
     from schools.school s
     cross join (select g.* from access.school_grant g join identity.application a on a.id = g.application_id
                 where a.code = 'smas' and current_date between g.valid_from and g.valid_to limit 1) g
     where s.code like 'B%'`,
    [scopes],
  )
  await run('vacuum analyze')
  const { rows } = await run(
    `select distinct on (p.school_id) p.school_id as id, p.class_id as room, p.code
     from schools.student p where p.code like '36%' order by p.school_id, p.code`,
  )
  return rows as SchoolOfBench[]
}
