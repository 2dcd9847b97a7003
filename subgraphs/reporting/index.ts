// Wiring of the reporting subgraph.
import type { SubgraphDefinition, SubgraphModule } from '../kernel/subgraph.ts'
import { Collection20261122T0900 } from './migrations/20261122T0900_collection.ts'
import { permissions } from './permissions.ts'
import { ReportResolver } from './schema/resolvers.ts'
import { entities } from './store/entities.ts'

const definition: SubgraphDefinition = {
  name: 'reporting',
  resolvers: [ReportResolver],
  orphanedTypes: [],
  permissions,
  references: {},
}

export const reporting: SubgraphModule = { definition, entities, migrations: { collection: Collection20261122T0900 } }
