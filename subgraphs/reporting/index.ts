// Wiring of the reporting subgraph.
import { extended, type SubgraphDefinition, type SubgraphModule } from '../kernel/subgraph.ts'
import { Collection20261122T0900 } from './migrations/20261122T0900_collection.ts'
import { FreshnessIsDeclared20261127T2101 } from './migrations/20261127T2101_freshness_is_declared.ts'
import { permissions } from './permissions.ts'
import * as freshness from './schema/freshness-resolvers.ts'
import { ReportResolver } from './schema/resolvers.ts'
import { entities } from './store/entities.ts'

const definition: SubgraphDefinition = {
  name: 'reporting',
  resolvers: [
    ReportResolver,
    freshness.FreshnessResolver,
    freshness.SchoolOfFreshnessResolver,
    freshness.RecordFreshnessResolver,
    freshness.SchoolFreshnessResolver,
  ],
  orphanedTypes: [],
  permissions,
  references: { School: extended },
}

export const reporting: SubgraphModule = {
  definition,
  entities,
  migrations: { collection: Collection20261122T0900, freshness_is_declared: FreshnessIsDeclared20261127T2101 },
}
