// Wiring of the identity subgraph.
import { byField, extended, type SubgraphDefinition, type SubgraphModule } from '../kernel/subgraph.ts'
import { Registry20261122T0900 } from './migrations/20261122T0900_registry.ts'
import { OauthState20261122T0910 } from './migrations/20261122T0910_oauth_state.ts'
import { Consents20261122T1320 } from './migrations/20261122T1320_consents.ts'
import { permissions } from './permissions.ts'
import { ConsentEventResolver, ConsentResolver, StudentResolver } from './schema/consent-resolvers.ts'
import * as resolvers from './schema/resolvers.ts'
import { entities } from './store/entities.ts'
import * as load from './store/loaders.ts'

const definition: SubgraphDefinition = {
  name: 'identity',
  resolvers: [
    resolvers.ViewerResolver,
    resolvers.ScopeResolver,
    resolvers.VendorResolver,
    resolvers.ApplicationResolver,
    resolvers.ApprovalResolver,
    resolvers.AgreementResolver,
    resolvers.AuditEventResolver,
    resolvers.SchoolResolver,
    ConsentResolver,
    ConsentEventResolver,
    StudentResolver,
  ],
  orphanedTypes: [],
  permissions,
  references: {
    Vendor: byField('id', load.vendorById),
    Application: byField('id', load.applicationById),
    School: extended,
    Student: extended,
  },
}

export const identity: SubgraphModule = {
  definition,
  entities,
  migrations: { registry: Registry20261122T0900, oauth_state: OauthState20261122T0910, consents: Consents20261122T1320 },
}
