// Wiring of the gradebook subgraph.
import { bySchoolKey, extended, type SubgraphDefinition, type SubgraphModule } from '../kernel/subgraph.ts'
import { Scores20261122T0900 } from './migrations/20261122T0900_scores.ts'
import { RowsWithinTerms20261122T1500 } from './migrations/20261122T1500_rows_within_terms.ts'
import { SandboxTenants20261127T1600 } from './migrations/20261127T1600_sandbox_tenants.ts'
import { TeachersSeeTheirSubjects20261127T1845 } from './migrations/20261127T1845_teachers_see_their_subjects.ts'
import { PupilsAreMerged20261127T1955 } from './migrations/20261127T1955_pupils_are_merged.ts'
import { ClosedBooksArePublished20261127T2031 } from './migrations/20261127T2031_closed_books_are_published.ts'
import { MergesAreTold20261127T2055 } from './migrations/20261127T2055_merges_are_told.ts'
import { PoliciesReadSettingsOnce20261127T2045 } from './migrations/20261127T2045_policies_read_settings_once.ts'
import { MarksFollowThePupil20261127T2121 } from './migrations/20261127T2121_marks_follow_the_pupil.ts'
import { permissions } from './permissions.ts'
import * as resolvers from './schema/resolvers.ts'
import { entities } from './store/entities.ts'
import * as load from './store/loaders.ts'

const definition: SubgraphDefinition = {
  name: 'gradebook',
  resolvers: [resolvers.StudentResolver, resolvers.ClassRoomResolver, resolvers.GradebookResolver, resolvers.ScoreResolver],
  orphanedTypes: [],
  permissions,
  references: {
    Student: extended,
    ClassRoom: extended,
    Gradebook: bySchoolKey(load.gradebookByKey),
    Score: bySchoolKey(load.scoreByKey),
  },
}

export const gradebook: SubgraphModule = {
  definition,
  entities,
  migrations: {
    scores: Scores20261122T0900,
    rows_within_terms: RowsWithinTerms20261122T1500,
    sandbox_tenants: SandboxTenants20261127T1600,
    teachers_see_their_subjects: TeachersSeeTheirSubjects20261127T1845,
    pupils_are_merged: PupilsAreMerged20261127T1955,
    closed_books_are_published: ClosedBooksArePublished20261127T2031,
    merges_are_told: MergesAreTold20261127T2055,
    policies_read_settings_once: PoliciesReadSettingsOnce20261127T2045,
    marks_follow_the_pupil: MarksFollowThePupil20261127T2121,
  },
}
