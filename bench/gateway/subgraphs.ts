// The subgraphs' process: answers a body for the first time by execution, every later time with the same bytes.
import { createServer } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { MESSAGES, PUPILS, SCORES, SUBGRAPHS } from './contract.ts'

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))
const pupil = (id: string) => ({
  id,
  code: `HS${id.padStart(6, '0')}`,
  fullName: `Nguyễn Thị Minh ${id}`,
  birthDate: '2010-05-01',
})
const scores = times(SCORES, (index) => ({
  id: `s${index}`,
  subject: ['Toán', 'Ngữ văn', 'Vật lí'][index % 3],
  kind: ['ORAL', 'WRITTEN', 'FINAL'][index % 3],
  ordinal: index + 1,
  value: index === 5 ? null : 7.5,
  remark: index % 4 === 0 ? 'Có cố gắng' : null,
}))
const messages = times(MESSAGES, (index) => ({
  id: `m${index}`,
  body: 'Mời phụ huynh đến họp lớp vào lúc 8 giờ sáng chủ nhật tuần này.',
  sentAt: '2026-11-20T01:00:00.000Z',
  read: index === 0,
}))

const resolvers: Readonly<Record<string, object>> = {
  schools: {
    Query: {
      classRoom: (_: unknown, { id }: { id: string }) => ({
        id,
        name: id,
        pupils: times(PUPILS, (index) => pupil(String(index + 1))),
      }),
      pupil: (_: unknown, { id }: { id: string }) => pupil(id),
    },
    Mutation: { rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...pupil(id), fullName: name }) },
    Pupil: { __resolveReference: ({ id }: { id: string }) => pupil(id) },
  },
  gradebook: { Pupil: { __resolveReference: ({ id }: { id: string }) => ({ id, scores }) } },
  communications: { Pupil: { __resolveReference: ({ id }: { id: string }) => ({ id, messages }) } },
}

const schemas = new Map(
  Object.entries(SUBGRAPHS).map(([name, sdl]) => [
    name,
    buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers[name] as never }]),
  ]),
)
const stored = new Map<string, Buffer>()

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const key = `${request.url}\n${Buffer.concat(chunks).toString()}`
    const answer = (bytes: Buffer): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes)
    }
    const known = stored.get(key)
    if (known) return answer(known)
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      query: string
      variables?: Record<string, unknown>
    }
    const schema = schemas.get(request.url!.slice(1))!
    void Promise.resolve(execute({ schema, document: parse(query), variableValues: variables ?? {} })).then((result) => {
      const bytes = Buffer.from(JSON.stringify(result))
      stored.set(key, bytes)
      answer(bytes)
    })
  })
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'))
process.once('SIGTERM', () => process.exit(0))
