// The fields that an application may own at a school, in groups: which columns each has, and which scopes open it.
import type { Scope } from '../../kernel/scopes.ts'

export const GROUP_NAMES = [
  'CLASS_ROOM',
  'STAFF',
  'STUDENT_IDENTITY',
  'STUDENT_PROFILE',
  'STUDENT_SENSITIVE',
  'STUDENT_ENROLMENT',
  'TEACHING_ASSIGNMENT',
  'HOMEROOM_ASSIGNMENT',
  'GUARDIAN',
  'HEALTH_RECORD',
  'FACILITY',
  'CAMPUS',
] as const
export type GroupName = (typeof GROUP_NAMES)[number]

export const isGroup = (word: string): word is GroupName => (GROUP_NAMES as readonly string[]).includes(word)

export interface OwnedField {
  /** Path of the field in the input of its batch. */
  readonly path: string
  /** Its columns; they change together. The first ones are shown. */
  readonly columns: readonly string[]
  readonly shown: number
  /** How many of what is stored make one of what is shown. */
  readonly per?: number
}

export interface FieldGroup {
  readonly entity:
    | 'ClassRoom'
    | 'Staff'
    | 'Student'
    | 'TeachingAssignment'
    | 'HomeroomAssignment'
    | 'Guardian'
    | 'HealthRecord'
    | 'Facility'
    | 'Campus'
  readonly readScope: Scope
  readonly writeScope: Scope
  readonly fields: Readonly<Record<string, OwnedField>>
}

const one = (column: string, path?: string, ...derived: string[]): OwnedField => ({
  path: path ?? column,
  columns: [column, ...derived],
  shown: 1,
})

/**
 * Natural keys are in no group: the code of a pupil or teacher is the Ministry's, and never changes. What a field is derived
 * into (the order of a name) goes with it.
 */
export const FIELD_GROUPS: Readonly<Record<GroupName, FieldGroup>> = {
  CLASS_ROOM: {
    entity: 'ClassRoom',
    readScope: 'school.read',
    writeScope: 'school.write',
    fields: { name: one('name'), grade: { path: 'grade', columns: ['grade', 'level'], shown: 2 } },
  },
  STAFF: {
    entity: 'Staff',
    readScope: 'staff.read',
    writeScope: 'staff.write',
    fields: {
      fullName: one('full_name', 'fullName'),
      sex: one('sex'),
      birthDate: one('birth_date', 'birthDate'),
      position: one('position'),
      status: one('status'),
    },
  },
  STUDENT_IDENTITY: {
    entity: 'Student',
    readScope: 'student.basic.read',
    writeScope: 'student.basic.write',
    fields: {
      fullName: one('full_name', 'fullName', 'given_name', 'sort_name'),
      sex: one('sex'),
      birthDate: one('birth_date', 'birthDate'),
    },
  },
  STUDENT_PROFILE: {
    entity: 'Student',
    readScope: 'student.basic.read',
    writeScope: 'student.basic.write',
    fields: {
      birthplace: one('birthplace'),
      nationality: one('nationality'),
      communeCode: one('commune_code', 'communeCode'),
      address: one('address'),
      boarding: one('boarding'),
      youthMembership: one('youth_membership', 'youthMembership'),
      canSwim: one('can_swim', 'canSwim'),
    },
  },
  STUDENT_SENSITIVE: {
    entity: 'Student',
    readScope: 'student.sensitive.read',
    writeScope: 'student.sensitive.write',
    fields: {
      personalNumber: one('personal_number', 'sensitive.personalNumber'),
      ethnicityCode: one('ethnicity_code', 'sensitive.ethnicityCode'),
      disability: one('disability', 'sensitive.disability'),
      policyGroup: one('policy_group', 'sensitive.policyGroup'),
      poorHousehold: one('poor_household', 'sensitive.poorHousehold'),
      feeRelief: one('fee_relief', 'sensitive.feeRelief'),
    },
  },
  STUDENT_ENROLMENT: {
    entity: 'Student',
    readScope: 'student.basic.read',
    writeScope: 'student.basic.write',
    // Status and class move together, with the line of the history that says so.
    fields: { enrolments: { path: 'classRoom', columns: ['status', 'class_id'], shown: 2 } },
  },
  TEACHING_ASSIGNMENT: {
    entity: 'TeachingAssignment',
    readScope: 'staff.read',
    writeScope: 'school.write',
    fields: { active: { path: 'active', columns: ['active', 'starts_on', 'ended_on'], shown: 3 } },
  },
  HOMEROOM_ASSIGNMENT: {
    entity: 'HomeroomAssignment',
    readScope: 'staff.read',
    writeScope: 'school.write',
    fields: { teacher: { path: 'teacher', columns: ['staff_id', 'starts_on', 'ended_on'], shown: 3 } },
  },
  // The name of a guardian and the day of a health record may be mended under the caller's own id, so they are owned as well.
  GUARDIAN: {
    entity: 'Guardian',
    readScope: 'guardian.contact.read',
    writeScope: 'guardian.contact.write',
    fields: {
      fullName: one('full_name', 'fullName'),
      relation: one('relation'),
      phone: one('phone'),
      birthYear: one('birth_year', 'birthYear'),
      job: one('job'),
      address: one('address'),
      endedOn: one('ended_on', 'endedOn'),
    },
  },
  HEALTH_RECORD: {
    entity: 'HealthRecord',
    readScope: 'health.read',
    writeScope: 'health.write',
    fields: {
      measuredOn: one('measured_on', 'measuredOn'),
      heightCm: { ...one('height_mm', 'heightCm'), per: 10 },
      weightKg: { ...one('weight_g', 'weightKg'), per: 1000 },
      eyeDisease: one('eye_disease', 'eyeDisease'),
      visionLeft: one('vision_left', 'visionLeft'),
      visionRight: one('vision_right', 'visionRight'),
      dental: one('dental'),
      note: one('note'),
      void: one('void'),
    },
  },
  FACILITY: {
    entity: 'Facility',
    readScope: 'school.read',
    writeScope: 'school.write',
    fields: {
      rooms: one('rooms'),
      electricity: one('electricity'),
      cleanWater: one('clean_water', 'cleanWater'),
      separateToilets: one('separate_toilets', 'separateToilets'),
      internet: one('internet'),
      handWashing: one('hand_washing', 'handWashing'),
      disabilityAccess: one('disability_access', 'disabilityAccess'),
      computers: one('computers'),
      nationalStandard: one('national_standard', 'nationalStandard'),
      accreditation: one('accreditation'),
      landArea: one('land_area', 'landArea'),
    },
  },
  CAMPUS: {
    entity: 'Campus',
    readScope: 'school.read',
    writeScope: 'school.write',
    fields: {
      name: one('name'),
      address: one('address'),
      communeCode: one('commune_code', 'communeCode'),
      // The last day is not before the first: they are decided together.
      validity: { path: 'validFrom', columns: ['valid_from', 'valid_to'], shown: 2 },
    },
  },
}

export const groupsOf = (entity: string): GroupName[] => GROUP_NAMES.filter((name) => FIELD_GROUPS[name].entity === entity)
