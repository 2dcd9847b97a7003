// Wiring of the identity subgraph.
import { byField, extended, type SubgraphDefinition, type SubgraphModule } from '../kernel/subgraph.ts'
import { Registry20261122T0900 } from './migrations/20261122T0900_registry.ts'
import { OauthState20261122T0910 } from './migrations/20261122T0910_oauth_state.ts'
import { RightsHaveALife20261122T1300 } from './migrations/20261122T1300_rights_have_a_life.ts'
import { Consents20261122T1320 } from './migrations/20261122T1320_consents.ts'
import { LeaversLoseTheirOffices20261127T1700 } from './migrations/20261127T1700_leavers_lose_their_offices.ts'
import { SignIn20261122T1330 } from './migrations/20261122T1330_sign_in.ts'
import { GrantsCarryTerms20261122T1500 } from './migrations/20261122T1500_grants_carry_terms.ts'
import { Onboarding20261127T1600 } from './migrations/20261127T1600_onboarding.ts'
import { ApplicationsAskForBoundTokens20261127T1830 } from './migrations/20261127T1830_applications_ask_for_bound_tokens.ts'
import { ProductsAtASchool20261127T1910 } from './migrations/20261127T1910_products_at_a_school.ts'
import { PupilsAreMerged20261127T1955 } from './migrations/20261127T1955_pupils_are_merged.ts'
import { MergesAreTold20261127T2055 } from './migrations/20261127T2055_merges_are_told.ts'
import { PoliciesReadSettingsOnce20261127T2045 } from './migrations/20261127T2045_policies_read_settings_once.ts'
import { permissions } from './permissions.ts'
import { ConsentEventResolver, ConsentResolver, StudentResolver } from './schema/consent-resolvers.ts'
import * as agreements from './schema/agreement-resolvers.ts'
import { DocumentResolver } from './schema/document-resolvers.ts'
import { AccessExplanationResolver } from './schema/explanation-resolvers.ts'
import { AccessExplanation } from './schema/explanation-types.ts'
import * as registration from './schema/registry-resolvers.ts'
import { SandboxTenantResolver } from './schema/sandbox-resolvers.ts'
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
    ...Object.values(registration),
    ...Object.values(agreements),
    ConsentResolver,
    ConsentEventResolver,
    StudentResolver,
    AccessExplanationResolver,
    SandboxTenantResolver,
    DocumentResolver,
  ],
  orphanedTypes: [AccessExplanation],
  permissions,
  references: {
    Vendor: byField('id', load.vendorById),
    Application: byField('id', load.applicationById),
    School: extended,
    Student: extended,
    AccessExplanation: extended,
  },
}

export const identity: SubgraphModule = {
  definition,
  entities,
  migrations: {
    registry: Registry20261122T0900,
    oauth_state: OauthState20261122T0910,
    rights_have_a_life: RightsHaveALife20261122T1300,
    consents: Consents20261122T1320,
    sign_in: SignIn20261122T1330,
    grants_carry_terms: GrantsCarryTerms20261122T1500,
    onboarding: Onboarding20261127T1600,
    leavers_lose_their_offices: LeaversLoseTheirOffices20261127T1700,
    applications_ask_for_bound_tokens: ApplicationsAskForBoundTokens20261127T1830,
    products_at_a_school: ProductsAtASchool20261127T1910,
    pupils_are_merged: PupilsAreMerged20261127T1955,
    merges_are_told: MergesAreTold20261127T2055,
    policies_read_settings_once: PoliciesReadSettingsOnce20261127T2045,
  },
}
