// The second wall: no field without a rule, no way into a field that avoids it, nothing for a caller the gateway did not sign.
import { getNamedType, isObjectType, type GraphQLObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODULES } from '../../platform/modules.ts'
import { fieldsWithoutRule } from '../../subgraphs/kernel/operation-rules.ts'
import { shieldTree } from '../../subgraphs/kernel/permissions.ts'
import { isScope } from '../../subgraphs/kernel/scopes.ts'
import { buildSubgraph, SUBGRAPH_NAMES, type SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer } from '../testkit/parties.ts'
import { codesOf, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'

const modules = SUBGRAPH_NAMES.map((name) => [name, MODULES[name]] as const)

describe.each(modules)('%s', (_name, module) => {
  const { schema, sdl } = buildSubgraph(module.definition)
  const tree = shieldTree(module.definition.permissions)

  test('names a rule for every field of its schema, the federation machinery included', () => {
    expect(fieldsWithoutRule(tree, schema)).toEqual([])
  })

  test('names no rule for a field that is not there', () => {
    for (const [type, rules] of Object.entries(module.definition.permissions)) {
      const known = schema.getType(type)
      expect([type, isObjectType(known)]).toEqual([type, true])
      for (const field of Object.keys(rules))
        expect([type, field, field in (known as GraphQLObjectType).getFields()]).toEqual([type, field, true])
    }
  })

  test('uses only scopes of the catalogue, and writes each into the contract', () => {
    for (const [type, rules] of Object.entries(module.definition.permissions))
      for (const [field, { anyOf }] of Object.entries(rules))
        for (const scope of anyOf.flat()) {
          expect([type, field, scope, isScope(scope)]).toEqual([type, field, scope, true])
          expect(sdl).toContain(`"${scope}"`)
        }
  })

  test('describes every type, field, argument and enum value', () => {
    const silent: string[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (
        type.name.startsWith('_') ||
        ['ID', 'String', 'Int', 'Float', 'Boolean', 'Query', 'Mutation', 'FieldSet'].includes(type.name) ||
        /^(federation|link)__/.test(type.name)
      )
        continue
      if (!type.description) silent.push(type.name)
      if ('getFields' in type)
        for (const field of Object.values(type.getFields())) {
          if (!field.description) silent.push(`${type.name}.${field.name}`)
          if ('args' in field)
            for (const arg of field.args) if (!arg.description) silent.push(`${type.name}.${field.name}(${arg.name})`)
        }
      if ('getValues' in type)
        for (const value of type.getValues()) if (!value.description) silent.push(`${type.name}.${value.name}`)
    }
    expect(silent).toEqual([])
  })
})

describe('on a running subgraph', () => {
  let database: TestDatabase
  let smas: Viewer
  const subgraphs = {} as Record<SubgraphName, TestSubgraph>

  beforeAll(async () => {
    database = await freshDatabase()
    smas = await applicationViewer(database, 'smas')
    for (const name of SUBGRAPH_NAMES) subgraphs[name] = await testSubgraph(database, name)
  })
  afterAll(async () => {
    await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()))
    await database.drop()
  })

  test.each(SUBGRAPH_NAMES)(
    '%s answers a viewer that nobody admitted with nothing, _service and _entities included',
    async (name) => {
      const { subgraph } = subgraphs[name].runtime
      const forged: Viewer = { ...smas }
      for (const query of [
        '{ __typename }',
        '{ _service { sdl } }',
        '{ _entities(representations: []) { __typename } }',
        '{ __schema { types { name } } }',
      ]) {
        const answer = await subgraph.execute({ query }, forged)
        expect(answer.data ?? null).toBeNull()
        expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['VIEWER_UNSIGNED'])
      }
    },
  )

  const studentOfSmas = async () =>
    (
      await database.sql<{ schoolId: string; id: string }>(
        `select s.school_id as "schoolId", s.id from schools.student s join access.school_grant g on g.school_id = s.school_id
         join identity.application a on a.id = g.application_id where a.code = 'smas' and 'student.basic.read' = any (g.scopes) limit 1`,
      )
    )[0]!

  test('no way into a field avoids its rule: entity, alias, fragment, nested, introspected type', async () => {
    const { schoolId, id } = await studentOfSmas()
    const narrow = await applicationViewer(database, 'smas', { scopes: ['school.read'] })
    const representations = [{ __typename: 'Student', schoolId, id }]
    const ways = [
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { fullName } } }`,
      `query ($r: [_Any!]!) { e: _entities(representations: $r) { ... on Student { a: fullName } } }`,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ...f } } fragment f on Student { fullName }`,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { ... @include(if: true) { fullName } } } }`,
      `query { student(ref: {id: "${id}"}) { fullName } }`,
      `query { schools { nodes { students { nodes { fullName } } } } }`,
      `query ($r: [_Any!]!, $if: Boolean = false) { _entities(representations: $r) { ... on Student { id fullName @include(if: $if) } } }`,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { classRoom { students { ...f } } } } } fragment f on Student { fullName }`,
      `query Open { __typename } query Closed($r: [_Any!]!) { _entities(representations: $r) { ... on Student { fullName } } }`,
    ]
    for (const query of ways) {
      // Once by someone who may, so that its program is there: it opens nothing to the next.
      await subgraphs.schools.ask(smas, query, { r: representations })
      const answer = await subgraphs.schools.ask(narrow, query, { r: representations })
      expect([query, codesOf(answer), answer.data ?? null]).toEqual([query, ['SCOPE_MISSING'], null])
    }
    const allowed = await subgraphs.schools.ask<{ _entities: [{ fullName: string }] }>(smas, ways[0]!, { r: representations })
    expect(allowed.data._entities[0].fullName).toBeTruthy()
  })

  test('every single field of every type refuses a viewer without scopes, unless any party may read it', async () => {
    const bare = await applicationViewer(database, 'smas', { scopes: [] })
    for (const [name, { definition }] of modules) {
      const { schema } = subgraphs[name].runtime.subgraph
      for (const [typeName, rules] of Object.entries(definition.permissions)) {
        if (!(typeName in definition.references)) continue
        for (const [fieldName, { anyOf }] of Object.entries(rules)) {
          if (anyOf.length === 0) continue
          const field = (schema.getType(typeName) as GraphQLObjectType).getFields()[fieldName]!
          const args = field.args
            .filter((arg) => String(arg.type).endsWith('!') && arg.defaultValue === undefined)
            .map((arg) => `${arg.name}: "x"`)
          const selection = isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''
          const query = `{ _entities(representations: []) { ... on ${typeName} { ${fieldName}${args.length > 0 ? `(${args.join(', ')})` : ''} ${selection} } } }`
          expect([name, typeName, fieldName, codesOf(await subgraphs[name].ask(bare, query))]).toEqual([
            name,
            typeName,
            fieldName,
            ['SCOPE_MISSING'],
          ])
        }
      }
    }
  })

  test('an entity of a school without an agreement is not there, whoever vouches for its key', async () => {
    const [foreign] = await database.sql<{ schoolId: string; id: string }>(
      `select s.school_id as "schoolId", s.id from schools.student s where not exists (
         select 1 from access.school_grant g join identity.application a on a.id = g.application_id where a.code = 'smas' and g.school_id = s.school_id) limit 1`,
    )
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { fullName } } }`
    const answer = await subgraphs.schools.ask<{ _entities: unknown[] }>(smas, query, {
      r: [
        { __typename: 'Student', ...foreign },
        { __typename: 'Student', ...(await studentOfSmas()) },
      ],
    })
    expect(answer.errors).toBeUndefined()
    expect(answer.data._entities[0]).toBeNull()
    expect(answer.data._entities[1]).not.toBeNull()
  })

  test('a scope that one agreement leaves out hides that school’s rows although the approval has it', async () => {
    const misa = await applicationViewer(database, 'misa-emis')
    expect(misa.scopes).toContain('gradebook.write')
    const [readOnly] = await database.sql<{ schoolId: string; id: string }>(
      `select s.school_id as "schoolId", s.id from schools.student s join access.school_grant g on g.school_id = s.school_id join identity.application a on a.id = g.application_id
       where a.code = 'misa-emis' and not 'student.sensitive.read' = any (g.scopes) and s.status = 'STUDYING' limit 1`,
    )
    const over = await applicationViewer(database, 'misa-emis', { scopes: [...misa.scopes, 'student.sensitive.read'] })
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { fullName sensitive { personalNumber } } } }`
    const answer = await subgraphs.schools.ask<{ _entities: [{ fullName: string; sensitive: unknown }] }>(over, query, {
      r: [{ __typename: 'Student', ...readOnly }],
    })
    expect(answer.data._entities[0].fullName).toBeTruthy()
    expect(answer.data._entities[0].sensitive).toBeNull()
  })

  test('guardians show themselves only to the application they consented to', async () => {
    const enetviet = await applicationViewer(database, 'enetviet')
    const [pupil] = await database.sql<{ schoolId: string; id: string; agreed: string }>(
      `select g.school_id as "schoolId", g.student_id as id, count(*) filter (where cardinality(g.consented_applications) > 0)::int as agreed
       from schools.guardian g join access.school_grant s on s.school_id = g.school_id and s.application_id = $1 and 'guardian.contact.read' = any (s.scopes)
       group by 1, 2 having count(*) filter (where cardinality(g.consented_applications) > 0) = 1 and count(*) = 2 limit 1`,
      [enetviet.applicationId],
    )
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Student { guardians { phone } } } }`
    const r = [{ __typename: 'Student', schoolId: pupil!.schoolId, id: pupil!.id }]
    const seen = await subgraphs.schools.ask<{ _entities: [{ guardians: unknown[] }] }>(enetviet, query, { r })
    expect(seen.data._entities[0].guardians).toHaveLength(1)
    await database.sql(`update schools.guardian set consented_applications = '{}' where student_id = $1`, [pupil!.id])
    const withdrawn = await subgraphs.schools.ask<{ _entities: [{ guardians: unknown[] }] }>(enetviet, query, { r })
    expect(withdrawn.data._entities[0].guardians).toEqual([])
  })
})
