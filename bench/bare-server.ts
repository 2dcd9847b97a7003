// The physical neighbour of the class page: a bare node server that answers it from the same tables, with no rule, limit or audit.
import { createServer } from 'node:http'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 })

const STUDENTS = `
select school_id, id, code, full_name, birth_date
from schools.student
where school_id = $1 and class_id = $2 and status = 'STUDYING'
order by sort_name, id`

const SCORES = `
select student_id, kind, ordinal, value_tenths, remark
from gradebook.score
where school_id = $1 and school_year = 2026 and term_id = $3 and student_id = any ($2)
order by subject_code, kind, ordinal`

const MESSAGES = `
select student_id, body, sent_at
from unnest($2::uuid[]) as s (id)
cross join lateral (
  select student_id, body, sent_at from communications.message
  where school_id = $1 and student_id = s.id
  order by sent_at desc, id desc limit 3) m`

const ONE_QUERY = `
select json_build_object('classRoom', json_build_object('name', c.name, 'students', (
  select json_agg(json_build_object('code', s.code, 'fullName', s.full_name, 'birthDate', s.birth_date,
    'scores', (select coalesce(json_agg(json_build_object('kind', m.kind, 'ordinal', m.ordinal, 'value', m.value_tenths::numeric / 10, 'remark', m.remark)), '[]')
      from gradebook.score m where m.school_id = s.school_id and m.school_year = 2026 and m.term_id = $3 and m.student_id = s.id),
    'messages', (select coalesce(json_agg(json_build_object('body', t.body, 'sentAt', t.sent_at)), '[]') from (
      select body, sent_at from communications.message t where t.school_id = s.school_id and t.student_id = s.id order by sent_at desc, id desc limit 3) t))
    order by s.sort_name, s.id)
  from schools.student s where s.school_id = c.school_id and s.class_id = c.id and s.status = 'STUDYING'))) as data
from schools.class_room c where c.school_id = $1 and c.id = $2`

const prepared = (name: string, text: string, values: unknown[]) => pool.query({ name, text, values })

function grouped<R extends { student_id: string }>(rows: readonly R[]): Map<string, R[]> {
  const groups = new Map<string, R[]>()
  for (const row of rows) {
    const group = groups.get(row.student_id)
    if (group) group.push(row)
    else groups.set(row.student_id, [row])
  }
  return groups
}

async function flat(school: string, room: string, term: string): Promise<object> {
  const [{ rows: names }, { rows: students }] = await Promise.all([
    prepared('room', 'select name from schools.class_room where school_id = $1 and id = $2', [school, room]),
    prepared('students', STUDENTS, [school, room]),
  ])
  const ids = students.map(({ id }) => id as string)
  const [scores, messages] = await Promise.all([
    prepared('scores', SCORES, [school, ids, term]),
    prepared('messages', MESSAGES, [school, ids]),
  ])
  const scoresOf = grouped(
    scores.rows as { student_id: string; kind: string; ordinal: number; value_tenths: number | null; remark: string | null }[],
  )
  const messagesOf = grouped(messages.rows as { student_id: string; body: string; sent_at: Date }[])
  return {
    classRoom: {
      name: names[0].name,
      students: students.map((student) => ({
        code: student.code,
        fullName: student.full_name,
        birthDate: student.birth_date,
        scores: (scoresOf.get(student.id) ?? []).map(({ kind, ordinal, value_tenths: tenths, remark }) => ({
          kind,
          ordinal,
          value: tenths === null ? null : tenths / 10,
          remark,
        })),
        messages: (messagesOf.get(student.id) ?? []).map(({ body, sent_at }) => ({ body, sentAt: sent_at })),
      })),
    },
  }
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bare')
  const values = ['school', 'room', 'term'].map((name) => searchParams.get(name) ?? '') as [string, string, string]
  const answer =
    pathname === '/flat'
      ? flat(...values).then((data) => JSON.stringify({ data }))
      : prepared('one', ONE_QUERY, values).then(({ rows }) => JSON.stringify({ data: rows[0].data }))
  answer.then(
    (text) => response.setHeader('content-type', 'application/json').end(text),
    (error: Error) => response.writeHead(500).end(error.message),
  )
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('bare server ready'))
