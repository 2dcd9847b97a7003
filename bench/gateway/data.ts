// What the three subgraphs know, and how they answer: the same whether they stand behind HTTP or in the gateway's process.
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse, type GraphQLSchema } from 'graphql'
import type { BenchSubgraph } from './contract.ts'

const PUPILS = 40
const SCORES = 12
const MESSAGES = 3

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

const RESOLVERS: Readonly<Record<BenchSubgraph, object>> = {
  schools: {
    Query: {
      classRoom: (_: unknown, { id }: { id: string }) => ({
        id,
        name: id,
        // A class by a number has as many.
        pupils: times(Number(id) || PUPILS, (index) => pupil(String(index + 1))),
      }),
      pupil: (_: unknown, { id }: { id: string }) => pupil(id),
    },
    Mutation: { rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...pupil(id), fullName: name }) },
    Pupil: { __resolveReference: ({ id }: { id: string }) => pupil(id) },
  },
  gradebook: { Pupil: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Pupil', id, scores }) } },
  communications: { Pupil: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Pupil', id, messages }) } },
}

export const schemaOf = (name: BenchSubgraph, sdl: string): GraphQLSchema =>
  buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: RESOLVERS[name] as never }])

/** What a subgraph of ours tells the audit beside its answer: the school, and each pupil it has read or written. */
export function touchedBy(data: unknown) {
  const { _entities: entities, classRoom } = (data ?? {}) as { _entities?: unknown[]; classRoom?: { pupils: unknown[] } }
  const count = entities?.length ?? classRoom?.pupils.length ?? 1
  return {
    schools: ['0192f3a0-0000-7000-8000-000000000001'],
    students: times(count, (index) => `0192f3a0-0000-7000-9000-${String(index).padStart(12, '0')}`),
  }
}
