// Wiring of the communications subgraph.
import { extended, type SubgraphDefinition, type SubgraphModule } from '../kernel/subgraph.ts'
import { ContactBook20261122T0900 } from './migrations/20261122T0900_contact_book.ts'
import { MessagesRestOnConsent20261122T1320 } from './migrations/20261122T1320_messages_rest_on_consent.ts'
import { SandboxTenants20261127T1600 } from './migrations/20261127T1600_sandbox_tenants.ts'
import { PupilsAreMerged20261127T1955 } from './migrations/20261127T1955_pupils_are_merged.ts'
import { MergesAreTold20261127T2055 } from './migrations/20261127T2055_merges_are_told.ts'
import { PoliciesReadSettingsOnce20261127T2045 } from './migrations/20261127T2045_policies_read_settings_once.ts'
import { permissions } from './permissions.ts'
import * as resolvers from './schema/resolvers.ts'
import { School, Student } from './schema/types.ts'
import { entities } from './store/entities.ts'

const definition: SubgraphDefinition = {
  name: 'communications',
  resolvers: [
    resolvers.SchoolResolver,
    resolvers.StudentResolver,
    resolvers.ContactBookPlanResolver,
    resolvers.ContactBookSubscriptionResolver,
    resolvers.MessageResolver,
  ],
  // No query leads here: everything of the contact book hangs on records of the roster.
  orphanedTypes: [School, Student],
  permissions,
  references: { School: extended, Student: extended },
}

export const communications: SubgraphModule = {
  definition,
  entities,
  migrations: {
    contact_book: ContactBook20261122T0900,
    messages_rest_on_consent: MessagesRestOnConsent20261122T1320,
    sandbox_tenants: SandboxTenants20261127T1600,
    pupils_are_merged: PupilsAreMerged20261127T1955,
    merges_are_told: MergesAreTold20261127T2055,
    policies_read_settings_once: PoliciesReadSettingsOnce20261127T2045,
  },
}
