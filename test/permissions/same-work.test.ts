// "Not there" and "not yours" are one answer: the same body, from the same statements, by every word that a caller
// can name a thing with. What is compared is read off the schema.
import { isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCOPE_NAMES } from '../../subgraphs/kernel/scopes.ts'
import { buildSubgraph, SUBGRAPH_NAMES, type SubgraphName } from '../../subgraphs/kernel/subgraph.ts'
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import { uuidv7 } from '../../subgraphs/kernel/uuid.ts'
import { newDeveloper } from '../identity/developers.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'
import { applicationViewer, personViewer } from '../testkit/parties.ts'
import { captureSql, testSubgraph, type TestSubgraph } from '../testkit/subgraph.ts'
import { MODULES } from '../../platform/modules.ts'
import { leavesOf, type Kind, type Leaf } from './same-work/leaves.ts'
import { documentOf, requestOf, selectionOf } from './same-work/requests.ts'
import { wordOfNobody, wordsAt, type Words } from './same-work/words.ts'

interface Party {
  readonly viewer: Viewer
  readonly own: Words
  readonly foreign: Words
}

let database: TestDatabase
const subgraphs = {} as Record<SubgraphName, TestSubgraph>
const parties = {} as Record<string, Party>
/** Ids that are made now. */
let newIds: RegExp

interface Root {
  readonly subgraph: SubgraphName
  readonly kind: 'query' | 'mutation'
  readonly field: GraphQLField<unknown, unknown>
  readonly leaves: readonly Leaf[]
}

const SCHEMAS = Object.fromEntries(
  SUBGRAPH_NAMES.map((name) => [name, buildSubgraph(MODULES[name].definition).schema]),
) as Record<SubgraphName, GraphQLSchema>
const UNPLACED: string[] = []
const ROOTS: Root[] = SUBGRAPH_NAMES.flatMap((subgraph) =>
  (['query', 'mutation'] as const).flatMap((kind) => {
    const schema = SCHEMAS[subgraph]
    const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType()
    return Object.values(type?.getFields() ?? {})
      .filter(({ name }) => !name.startsWith('_'))
      .map((field) => {
        const { naming, unplaced } = leavesOf(field)
        UNPLACED.push(...unplaced)
        return { subgraph, kind, field, leaves: naming }
      })
  }),
).filter(({ leaves }) => leaves.length > 0)

/** What everybody may know: the register of vendors and products (decision 0020), and which schools the province has. */
const PUBLIC = new Set([
  'application.ref.id',
  'application.ref.code',
  'applications.vendorId',
  'registerApplication.input.vendorId',
  'proposeAgreement.input.school.id',
  'proposeAgreement.input.school.code',
  'agreementDifference.change.proposal.school.id',
  'agreementDifference.change.proposal.school.code',
])

/** One bit by design: whether another school has a pupil of this code is what the transfer guard answers (contract, schools). */
const ONE_BIT = new Set(['upsertStudents.input.students.code'])

/** Who watches everybody is kept out of nothing here. */
const ALL_OF_IT = new Set(['auditEvents to compliance'])

/** Ways of a reference that this field does not take, whoever asks: it says so. */
const NOT_TAKEN = new Set([
  // A person's act: ids of their own have applications alone.
  'setFieldOwners.input.school.externalId',
  'proposeAgreement.input.school.externalId',
  'agreementDifference.change.proposal.school.externalId',
])

beforeAll(async () => {
  database = await freshDatabase()
  // Of one moment, so that what would be written is the same as well.
  const at = new Date()
  for (const name of SUBGRAPH_NAMES) subgraphs[name] = await testSubgraph(database, name, { now: () => at })
  newIds = new RegExp(`${uuidv7(at).slice(0, 13)}[-0-9a-f]{23}`, 'g')
  const [school, commune, far] = await database.sql<{ id: string }>(
    `select s.school_id as id from schools.school s
     cross join lateral (
       select exists (select 1 from access.membership m join identity.account a on a.id = m.account_id where m.school_id = s.school_id and a.email like 'hieu-truong@thpt-hac-thanh%') as first,
         exists (select 1 from access.membership m join identity.account a on a.id = m.account_id where m.school_id = s.school_id and a.email like 'hieu-truong@thcs-hac-thanh%') as second,
         not exists (select 1 from access.school_grant g join identity.application a on a.id = g.application_id where g.school_id = s.school_id and a.code = 'smas')
           and exists (select 1 from access.school_grant g join identity.application a on a.id = g.application_id where g.school_id = s.school_id and a.code = 'vnedu')
           and not exists (select 1 from access.oversight o join identity.account a on a.authority_id = o.authority_id and a.email like 'can-bo-hac-thanh%' where o.school_id = s.school_id) as third
     ) which
     where which.first or which.second or which.third
     order by which.first desc, which.second desc, s.code limit 3`,
  )
  const developer = await newDeveloper(database)
  const rival = await newDeveloper(database)
  const sandboxOf = async (of: typeof developer): Promise<Words> => {
    const viewer = await of.viewer()
    const { data } = await subgraphs.identity.ask<{ it: { clientId: string; tenant: { schools: { id: string }[] } } }>(
      viewer,
      'mutation { it: createSandbox(input: {}) { clientId tenant { schools { id } } } }',
    )
    return wordsAt(database, data.it.tenant.schools[0]!.id, data.it.clientId)
  }
  // Everybody holds every scope, and every agreement every right: what keeps them out is whose the things are.
  await database.sql('update access.school_grant set scopes = $1', [SCOPE_NAMES])
  const all = (viewer: Viewer): Viewer => ({ ...viewer, scopes: [...SCOPE_NAMES] })
  const near = await wordsAt(database, school!.id, 'smas')
  const around = await wordsAt(database, commune!.id, 'smas')
  const foreign = await wordsAt(database, far!.id, 'vnedu')
  // Ids that the application gave while that school was still open to it.
  await database.sql(
    `insert into schools.external_reference (school_id, application_id, entity, external_id, entity_id)
     select r.school_id, a.id, r.entity, r.external_id, r.entity_id
     from schools.external_reference r, identity.application a
     where r.school_id = $1 and a.code = 'smas' on conflict do nothing`,
    [far!.id],
  )
  const [sandbox, other] = [await sandboxOf(developer), await sandboxOf(rival)]
  const smas = await applicationViewer(database, 'smas')
  const [teacher] = await database.sql<{ email: string }>(
    `select a.email from identity.account a join access.membership m on m.account_id = a.id
     where m.school_id = $1 and a.role = 'TEACHER' and a.email not like '%truong.example' order by a.id limit 1`,
    [school!.id],
  )
  const { accountId } = await personViewer(database, teacher!.email)
  // To people of the administration no product of the province is another's.
  const { APPLICATION: _application, VENDOR: _vendor, ...elsewhere } = foreign
  Object.assign(parties, {
    'an application': { viewer: all(smas), own: near, foreign },
    'an application for a teacher': { viewer: all({ ...smas, accountId, role: 'TEACHER' }), own: near, foreign },
    'a principal': { viewer: all(await personViewer(database, 'hieu-truong@thpt-hac-thanh')), own: near, foreign: elsewhere },
    'a teacher': { viewer: all(await personViewer(database, teacher!.email)), own: near, foreign: elsewhere },
    'a commune officer': { viewer: all(await personViewer(database, 'can-bo-hac-thanh')), own: around, foreign: elsewhere },
    // The Sở sees the whole province; what it does not see are the sandboxes of developers.
    'an officer of the Sở': { viewer: all(await personViewer(database, 'can-bo-so')), own: near, foreign: other },
    compliance: { viewer: all(await personViewer(database, 'tuan-thu')), own: near, foreign: other },
    'a developer': { viewer: all(await developer.viewer()), own: sandbox, foreign: other },
  } satisfies Record<string, Party>)
}, 120_000)
afterAll(async () => {
  await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()))
  await database?.drop()
})

interface Told {
  readonly statements: readonly string[]
  readonly body: string
}

/** Nothing is kept: the next question finds what this one found. */
async function ask(name: SubgraphName, viewer: Viewer, text: string, variables: object, words: readonly string[]): Promise<Told> {
  const { statements, result } = await captureSql(
    subgraphs[name],
    () => subgraphs[name].ask(viewer, text, variables as Record<string, unknown>),
    { keep: false },
  )
  const masked = (said: string): string =>
    words.reduce((rest, word) => rest.replaceAll(word, '<word>'), said).replaceAll(newIds, '<new>')
  // Batches of one level run beside each other, and rows of one come as they lie; which of them comes first says nothing.
  const { touched } = (result as { extensions?: { touched?: Record<string, string[]> } }).extensions ?? {}
  for (const ids of Object.values(touched ?? {})) ids.sort()
  return { statements: statements.map(masked).sort(), body: masked(JSON.stringify(result)) }
}

function attempt(root: Root, leaf: Leaf, { viewer, own }: Party, word: string): Promise<Told> {
  const sent = requestOf(root.field, leaf, own, word)
  return ask(root.subgraph, viewer, documentOf(root.kind, root.field, sent), sent, [word])
}

const placeOf = ({ field }: Root, { path }: Leaf): string => `${field.name}.${path}`

test('every argument is placed: what it names, or that it names nothing', () => {
  expect(UNPLACED).toEqual([])
})

const isSecret = (place: string): boolean => !PUBLIC.has(place) && !ONE_BIT.has(place)

describe.each(
  ROOTS.filter((root) => root.leaves.some((leaf) => isSecret(placeOf(root, leaf)))).map(
    (root) => [root.field.name, root] as const,
  ),
)('%s', (_name, root) => {
  test.each(root.leaves.filter((leaf) => isSecret(placeOf(root, leaf))).map((leaf) => [leaf.path, leaf] as const))(
    'by %s reads the same and asks the database the same for another’s as for nobody’s',
    async (_path, leaf) => {
      const looked: string[] = []
      for (const [name, party] of Object.entries(parties)) {
        const nobody = await attempt(root, leaf, party, wordOfNobody(leaf.kind, leaf.by))
        const theirs = party.foreign[leaf.kind]?.[leaf.by]
        // What was theirs once, too: a code that passed on leads there by the same statements.
        const once = leaf.by === 'code' ? party.foreign[leaf.kind]?.formerCode : undefined
        for (const word of [theirs, once])
          if (word !== undefined && !ALL_OF_IT.has(`${root.field.name} to ${name}`))
            expect([name, await attempt(root, leaf, party, word)]).toEqual([name, nobody])
        const own = party.own[leaf.kind]?.[leaf.by]
        if (theirs !== undefined && own !== undefined && (await attempt(root, leaf, party, own)).body !== nobody.body)
          looked.push(name)
      }
      // A comparison of two refusals for some other reason would prove nothing: to somebody, their own is there.
      if (NOT_TAKEN.has(placeOf(root, leaf))) expect(looked).toEqual([])
      else
        expect(looked, 'no party’s own is found by this word: give the field a request in same-work/requests.ts').not.toEqual([])
    },
  )
})

test('what is called public is there', () => {
  const places = ROOTS.flatMap((root) => root.leaves.map((leaf) => placeOf(root, leaf)))
  expect([...PUBLIC, ...NOT_TAKEN].filter((place) => !places.includes(place))).toEqual([])
})

/** Entities that other subgraphs name by their key, where there is a row behind it. */
const ENTITIES: readonly (readonly [SubgraphName, string, Kind])[] = [
  ['schools', 'School', 'SCHOOL'],
  ['schools', 'ClassRoom', 'CLASS_ROOM'],
  ['schools', 'Student', 'STUDENT'],
  ['schools', 'Staff', 'STAFF'],
  ['identity', 'School', 'SCHOOL'],
  ['identity', 'Student', 'STUDENT'],
  ['gradebook', 'ClassRoom', 'CLASS_ROOM'],
  ['gradebook', 'Student', 'STUDENT'],
  ['communications', 'School', 'SCHOOL'],
  ['communications', 'Student', 'STUDENT'],
]

test.each(ENTITIES)('a reference of the federation at %s to %s asks and answers the same', async (subgraph, type, kind) => {
  const entity = SCHEMAS[subgraph].getType(type) as GraphQLObjectType
  expect(isObjectType(entity)).toBe(true)
  const text = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type}${selectionOf(entity)} } }`
  for (const [name, { viewer, own, foreign }] of Object.entries(parties)) {
    const at = (schoolId: string, id: string) =>
      ask(
        subgraph,
        viewer,
        text,
        { of: [{ __typename: type, id, ...(kind === 'SCHOOL' ? {} : { schoolId }) }] },
        // A school that names itself is the word; elsewhere both are.
        [id, schoolId],
      )
    const [theirs, nobodys] = [foreign[kind]!.id!, wordOfNobody(kind, 'id')]
    const [school, elsewhere] = [own.SCHOOL!.id!, foreign.SCHOOL!.id!]
    expect([name, await at(elsewhere, theirs)]).toEqual([name, await at(wordOfNobody('SCHOOL', 'id'), nobodys)])
    if (kind !== 'SCHOOL') expect([name, await at(school, theirs)]).toEqual([name, await at(school, nobodys)])
  }
})
