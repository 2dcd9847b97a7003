// Wiring of the schools subgraph.
import { Roster20261122T0900 } from './migrations/20261122T0900_roster.ts'
import { SchoolCodesArePublished20261122T1300 } from './migrations/20261122T1300_school_codes_are_published.ts'
import { GuardiansRestOnConsent20261122T1320 } from './migrations/20261122T1320_guardians_rest_on_consent.ts'
import { RowsWithinTerms20261122T1500 } from './migrations/20261122T1500_rows_within_terms.ts'
import { SandboxTenants20261127T1600 } from './migrations/20261127T1600_sandbox_tenants.ts'
import { RosterIsWritten20261127T1700 } from './migrations/20261127T1700_roster_is_written.ts'
import { Transfers20261127T1835 } from './migrations/20261127T1835_transfers.ts'
import { FacilitiesAndCampuses20261127T1840 } from './migrations/20261127T1840_facilities_and_campuses.ts'
import { FieldsHaveOwners20261127T1915 } from './migrations/20261127T1915_fields_have_owners.ts'
import { Rollover20261127T1920 } from './migrations/20261127T1920_rollover.ts'
import { GuardiansAndHealth20261127T1925 } from './migrations/20261127T1925_guardians_and_health.ts'
import { ListsAreSearched20261127T1945 } from './migrations/20261127T1945_lists_are_searched.ts'
import { PupilsAreMatched20261127T1950 } from './migrations/20261127T1950_pupils_are_matched.ts'
import { PupilsAreMerged20261127T1955 } from './migrations/20261127T1955_pupils_are_merged.ts'
import { AuthoritiesKeepSchools20261127T2000 } from './migrations/20261127T2000_authorities_keep_schools.ts'
import { ClaimsNarrowFirst20261127T2005 } from './migrations/20261127T2005_claims_narrow_first.ts'
import { FamiliesComeAlong20261127T2006 } from './migrations/20261127T2006_families_come_along.ts'
import { TheCalendarIsWritten20261127T2030 } from './migrations/20261127T2030_the_calendar_is_written.ts'
import { HistoriesAreRead20261127T2035 } from './migrations/20261127T2035_histories_are_read.ts'
import { CodesPassOn20261127T2032 } from './migrations/20261127T2032_codes_pass_on.ts'
import { MergesAreTold20261127T2055 } from './migrations/20261127T2055_merges_are_told.ts'
import { PoliciesReadSettingsOnce20261127T2045 } from './migrations/20261127T2045_policies_read_settings_once.ts'
import { AllRecordsHaveOwners20261127T2110 } from './migrations/20261127T2110_all_records_have_owners.ts'
import { PupilsBringTheirPapers20261127T2120 } from './migrations/20261127T2120_pupils_bring_their_papers.ts'
import { NamesInTurn20261127T2130 } from './migrations/20261127T2130_names_in_turn.ts'
import { byField, bySchoolKey, type SubgraphDefinition, type SubgraphModule } from '../kernel/subgraph.ts'
import { permissions } from './permissions.ts'
import { SchoolKeepingResolver } from './schema/school-resolvers.ts'
import * as calendar from './schema/calendar-resolvers.ts'
import * as consented from './schema/consented-resolvers.ts'
import * as property from './schema/facility-resolvers.ts'
import { historyResolvers } from './schema/history-resolvers.ts'
import * as lists from './schema/list-resolvers.ts'
import * as completeness from './schema/completeness-resolvers.ts'
import * as resolvers from './schema/resolvers.ts'
import { IdentityResolver } from './schema/identity-resolvers.ts'
import { MergeResolver } from './schema/merge-resolvers.ts'
import { OwnershipResolver } from './schema/ownership-resolvers.ts'
import * as writes from './schema/write-resolvers.ts'
import * as rollover from './schema/rollover-resolvers.ts'
import * as transfers from './schema/transfer-resolvers.ts'
import { Enrolment, Guardian, StudentSensitive } from './schema/types.ts'
import * as load from './store/loaders.ts'
import { entities } from './store/entities.ts'
import { rolloverEntities } from './store/rollover-entities.ts'
import { consentedEntities } from './store/consented-entities.ts'
import { identityEntities } from './store/identity-entities.ts'
import { transferEntities } from './store/transfer-entities.ts'

const definition: SubgraphDefinition = {
  name: 'schools',
  resolvers: [
    resolvers.SchoolResolver,
    resolvers.ClassRoomResolver,
    resolvers.StudentResolver,
    resolvers.StaffResolver,
    resolvers.EnrolmentResolver,
    resolvers.TeachingAssignmentResolver,
    resolvers.AuthorityResolver,
    calendar.SchoolYearResolver,
    calendar.TermResolver,
    resolvers.SubjectResolver,
    resolvers.CodeListResolver,
    lists.SchoolListResolver,
    lists.RootListResolver,
    completeness.SchoolCompletenessResolver,
    completeness.ClassCompletenessResolver,
    completeness.StudentCompletenessResolver,
    completeness.StaffCompletenessResolver,
    writes.RosterWriteResolver,
    writes.HomeroomAssignmentResolver,
    OwnershipResolver,
    IdentityResolver,
    MergeResolver,
    transfers.TransferResolver,
    transfers.TransfersOfStudentResolver,
    transfers.TransferClaimCountResolver,
    SchoolKeepingResolver,
    consented.ConsentedResolver,
    consented.GuardianReceiptResolver,
    consented.HealthRecordReceiptResolver,
    consented.GuardianResolver,
    consented.HealthRecordResolver,
    property.SchoolPropertyResolver,
    property.FacilityResolver,
    property.CampusResolver,
    rollover.RolloverResolver,
    rollover.RolloverMemberResolver,
    ...historyResolvers,
  ],
  orphanedTypes: [Enrolment, Guardian, StudentSensitive],
  permissions,
  references: {
    School: byField('id', load.schoolById),
    ClassRoom: bySchoolKey(load.classRoomByKey),
    Student: bySchoolKey(load.studentByKey),
    Staff: bySchoolKey(load.staffByKey),
    Authority: byField('id', load.authorityById),
    SchoolYear: byField('id', load.schoolYearById),
    Term: byField('id', load.termById),
    Subject: byField('code', load.subjectByCode),
  },
}

export const schools: SubgraphModule = {
  definition,
  entities: [...entities, ...transferEntities, ...rolloverEntities, ...consentedEntities, ...identityEntities],
  migrations: {
    roster: Roster20261122T0900,
    school_codes_are_published: SchoolCodesArePublished20261122T1300,
    guardians_rest_on_consent: GuardiansRestOnConsent20261122T1320,
    rows_within_terms: RowsWithinTerms20261122T1500,
    sandbox_tenants: SandboxTenants20261127T1600,
    roster_is_written: RosterIsWritten20261127T1700,
    transfers: Transfers20261127T1835,
    facilities_and_campuses: FacilitiesAndCampuses20261127T1840,
    fields_have_owners: FieldsHaveOwners20261127T1915,
    rollover: Rollover20261127T1920,
    guardians_and_health: GuardiansAndHealth20261127T1925,
    lists_are_searched: ListsAreSearched20261127T1945,
    pupils_are_matched: PupilsAreMatched20261127T1950,
    pupils_are_merged: PupilsAreMerged20261127T1955,
    authorities_keep_schools: AuthoritiesKeepSchools20261127T2000,
    claims_narrow_first: ClaimsNarrowFirst20261127T2005,
    families_come_along: FamiliesComeAlong20261127T2006,
    the_calendar_is_written: TheCalendarIsWritten20261127T2030,
    histories_are_read: HistoriesAreRead20261127T2035,
    codes_pass_on: CodesPassOn20261127T2032,
    merges_are_told: MergesAreTold20261127T2055,
    policies_read_settings_once: PoliciesReadSettingsOnce20261127T2045,
    all_records_have_owners: AllRecordsHaveOwners20261127T2110,
    pupils_bring_their_papers: PupilsBringTheirPapers20261127T2120,
    names_in_turn: NamesInTurn20261127T2130,
  },
}
