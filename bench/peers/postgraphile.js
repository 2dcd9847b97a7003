// PostGraphile 5 on the platform's tables, as a superuser: no role, no row policy, no rule. Across schemas the tables have no foreign
// keys, so what belongs together is said in smart tags. PRINT=yes prints its contract.
import { createServer } from 'node:http'
import { printSchema } from 'graphql'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { jsonPgSmartTags } from 'postgraphile/utils'

const { DATABASE_URL, PORT, PRINT } = process.env

const relations = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      'gradebook.score': {
        tags: { foreignKey: '(school_id, student_id) references schools.student (school_id, id)|@foreignFieldName scores' },
      },
      'communications.message': {
        tags: { foreignKey: '(school_id, student_id) references schools.student (school_id, id)|@foreignFieldName messages' },
      },
    },
  },
})

// Columns of types that it does not know, of tables that nobody asks for.
const { error, log, warn } = console
for (const [name, write] of Object.entries({ error, log, warn }))
  console[name] = (text, ...rest) => String(text).startsWith('Could not build PgCodec') || write(text, ...rest)

/** The tables of the page and no others: the schemas hold a hundred. */
const TABLES = new Set(['schools.class_room', 'schools.student', 'gradebook.score', 'communications.message'])
const pageOnly = {
  name: 'PageOnlyPlugin',
  version: '1.0.0',
  gather: {
    hooks: {
      pgIntrospection_class(_info, event) {
        const { entity } = event
        const name = `${entity.getNamespace()?.nspname}.${entity.relname}`
        if (!TABLES.has(name)) {
          const tags = entity.getTags()
          tags.behavior = ['-*']
        }
      },
    },
  },
}

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [relations, pageOnly],
  disablePlugins: ['PgIndexBehaviorsPlugin', 'MutationPlugin'],
  pgServices: [makePgService({ connectionString: DATABASE_URL, schemas: ['schools', 'gradebook', 'communications'] })],
  schema: { defaultBehavior: '+connection +list' },
  grafast: { context: () => ({}) },
  grafserv: { graphiql: false, watch: false, maxRequestLength: 100_000 },
}
const instance = postgraphile(preset)
const schema = await instance.getSchema()
if (PRINT) {
  console.log(printSchema(schema))
  process.exit(0)
}
const server = createServer()
server.keepAliveTimeout = 60_000
await instance.createServ(grafserv).addTo(server)
server.listen(Number(PORT), '127.0.0.1', () => console.log('ready'))
process.once('SIGTERM', () => process.exit(0))
