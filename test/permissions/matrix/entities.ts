// The way past the door: every field of the entities of a school, asked of each subgraph itself through `_entities`.
import { getNamedType, isLeafType, isNonNullType, type GraphQLObjectType } from 'graphql'
import { buildSubgraph, extended, SUBGRAPH_NAMES, type SubgraphName } from '../../../subgraphs/kernel/subgraph.ts'
import { MODULES } from '../../../platform/modules.ts'
import { argumentsOf } from './probes.ts'
import { SUBJECTS, type Place, type Subject } from './subjects.ts'

export interface EntityProbe {
  readonly subgraph: SubgraphName
  readonly name: string
  readonly entity: 'School' | 'ClassRoom' | 'Student'
  readonly field: string
  /** Of the entity where the subgraph keeps it, and of what the field leads to. */
  readonly subjects: readonly Subject[]
  readonly query: string
}

const ROWS: readonly Place[] = ['school', 'room', 'class', 'family']

/** On what a field rests where its type does not say: an assignment stands between a class and its teacher; a page is of many classes. */
const RESTS_ON: Readonly<Record<string, string>> = {
  'ClassRoom.homeroomTeacher': 'HomeroomAssignment',
  'School.classRooms': 'School',
  'School.students': 'StudentEdge',
  'ClassRoom.completeness': 'StudentEdge',
  'School.history': 'School',
  'ClassRoom.history': 'ClassRoom',
  'Student.history': 'Student',
}

/** Fields that lead to rows of a school, or are of one; keys alone say nothing and are left out. */
export function entityProbes(): EntityProbe[] {
  return SUBGRAPH_NAMES.flatMap((subgraph) => {
    const { definition } = MODULES[subgraph]
    const { schema } = buildSubgraph(definition)
    return (['School', 'ClassRoom', 'Student'] as const)
      .filter((entity) => entity in definition.references)
      .flatMap((entity) =>
        Object.values((schema.getType(entity) as GraphQLObjectType).getFields()).flatMap((field): EntityProbe[] => {
          const target = getNamedType(field.type)
          const args = argumentsOf(entity, field.name)
          const isKey = definition.permissions[entity]![field.name]!.anyOf.length === 0
          const mayBeEmpty = isLeafType(target) && !(isNonNullType(field.type) && isLeafType(field.type.ofType))
          const needsMore =
            field.args.some(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined) && !args
          const rests = RESTS_ON[`${entity}.${field.name}`] ?? target.name.replace(/Connection$/, '')
          const subject = SUBJECTS[isLeafType(target) ? entity : rests]
          const home = definition.references[entity] === extended ? [] : [SUBJECTS[entity]!]
          if (isKey || needsMore || mayBeEmpty || !subject || !ROWS.includes(subject.place)) return []
          const inner = isLeafType(target)
            ? ''
            : target.name.endsWith('Connection')
              ? ' { nodes { __typename } }'
              : ' { __typename }'
          const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${entity} { ${field.name}${args}${inner} } } }`
          return [
            {
              subgraph,
              name: `${subgraph} ${entity}.${field.name}`,
              entity,
              field: field.name,
              subjects: [...home, subject],
              query,
            },
          ]
        }),
      )
  })
}

/** Whether the answer holds anything at all. */
export function holdsAnything({ field }: EntityProbe, data: { _entities?: (Record<string, unknown> | null)[] } | null): boolean {
  const value = data?._entities?.[0]?.[field] as { nodes?: unknown[] } | unknown[] | null | undefined
  if (value === null || value === undefined) return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value === 'object' && value.nodes ? value.nodes.length > 0 : true
}
