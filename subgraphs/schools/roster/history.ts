// What is told of the former versions of each kind of record: which columns, under which name of the contract, on which type.
import { told, type Part, type Wording } from '../../kernel/records/history.ts'

const list: Wording = (text) => (JSON.parse(text) as string[]).join('; ')
const over =
  (divisor: number): Wording =>
  (text) =>
    String(Number(text) / divisor)

const STUDENT = { entity: 'Student', table: 'student', student: 'id' } as const

/**
 * A former value is as secret as the present one, so it hangs where the present one does: the history of a pupil's sensitive data
 * is a field of `StudentSensitive`, under its scope and in its transaction. Each part reads its own columns and no other.
 */
export const PARTS = {
  School: {
    entity: 'School',
    table: 'school',
    type: 'School',
    fields: {
      ...told({ code: 'code', name: 'name', ownership: 'ownership', communeCode: 'commune_code', address: 'address' }),
      levels: { column: 'levels', as: list },
      ...told({ validFrom: 'valid_from', validTo: 'valid_to' }),
    },
  },
  Campus: {
    entity: 'Campus',
    table: 'campus',
    type: 'Campus',
    fields: told({
      code: 'code',
      name: 'name',
      address: 'address',
      communeCode: 'commune_code',
      validFrom: 'valid_from',
      validTo: 'valid_to',
    }),
  },
  Facility: {
    entity: 'Facility',
    table: 'facility',
    type: 'Facility',
    fields: told({
      period: 'period',
      schoolYear: 'school_year_id',
      rooms: 'rooms',
      electricity: 'electricity',
      cleanWater: 'clean_water',
      separateToilets: 'separate_toilets',
      internet: 'internet',
      handWashing: 'hand_washing',
      disabilityAccess: 'disability_access',
      computers: 'computers',
      nationalStandard: 'national_standard',
      accreditation: 'accreditation',
      landArea: 'land_area',
    }),
  },
  ClassRoom: {
    entity: 'ClassRoom',
    table: 'class_room',
    type: 'ClassRoom',
    fields: told({ name: 'name', grade: 'grade', level: 'level', schoolYear: 'school_year_id' }),
  },
  Staff: {
    entity: 'Staff',
    table: 'staff',
    type: 'Staff',
    fields: told({ code: 'code', fullName: 'full_name', sex: 'sex', position: 'position', status: 'status' }),
  },
  TeachingAssignment: {
    entity: 'TeachingAssignment',
    table: 'teaching_assignment',
    type: 'TeachingAssignment',
    fields: told({
      teacher: 'staff_id',
      classRoom: 'class_id',
      subject: 'subject_code',
      term: 'term_id',
      active: 'active',
      startsOn: 'starts_on',
      endedOn: 'ended_on',
    }),
  },
  HomeroomAssignment: {
    entity: 'HomeroomAssignment',
    table: 'homeroom_assignment',
    type: 'HomeroomAssignment',
    fields: told({ teacher: 'staff_id', classRoom: 'class_id', startsOn: 'starts_on', endedOn: 'ended_on' }),
  },
  Student: {
    ...STUDENT,
    type: 'Student',
    fields: told({
      code: 'code',
      fullName: 'full_name',
      sex: 'sex',
      birthDate: 'birth_date',
      status: 'status',
      classRoom: 'class_id',
    }),
  },
  StudentProfile: {
    ...STUDENT,
    type: 'StudentProfile',
    fields: told({
      birthplace: 'birthplace',
      nationality: 'nationality',
      communeCode: 'commune_code',
      address: 'address',
      boarding: 'boarding',
      youthMembership: 'youth_membership',
      canSwim: 'can_swim',
    }),
  },
  StudentSensitive: {
    ...STUDENT,
    type: 'StudentSensitive',
    fields: told({
      personalNumber: 'personal_number',
      ethnicityCode: 'ethnicity_code',
      disability: 'disability',
      policyGroup: 'policy_group',
      poorHousehold: 'poor_household',
      feeRelief: 'fee_relief',
    }),
  },
  Enrolment: {
    entity: 'Enrolment',
    table: 'enrolment',
    type: 'Enrolment',
    student: 'student_id',
    fields: told({
      classRoom: 'class_id',
      admittedOn: 'admitted_on',
      leftOn: 'left_on',
      status: 'status',
      leavingReason: 'leaving_reason',
      rollNumber: 'roll_number',
    }),
  },
  StudentTransfer: {
    entity: 'StudentTransfer',
    table: 'student_transfer',
    type: 'StudentTransfer',
    throughStudent: true,
    student: 'student_id',
    fields: told({
      direction: 'direction',
      state: 'state',
      personId: 'person_id',
      releasedOn: 'released_on',
      takenOn: 'taken_on',
      reason: 'reason',
      otherSchoolCode: 'other_school_code',
      otherSchoolName: 'other_school_name',
    }),
  },
  Guardian: {
    entity: 'Guardian',
    table: 'guardian',
    type: 'Guardian',
    throughStudent: true,
    student: 'student_id',
    fields: told({
      fullName: 'full_name',
      relation: 'relation',
      phone: 'phone',
      birthYear: 'birth_year',
      job: 'job',
      address: 'address',
      endedOn: 'ended_on',
    }),
  },
  HealthRecord: {
    entity: 'HealthRecord',
    table: 'health_record',
    type: 'HealthRecord',
    throughStudent: true,
    student: 'student_id',
    fields: {
      ...told({ measuredOn: 'measured_on' }),
      heightCm: { column: 'height_mm', as: over(10) },
      weightKg: { column: 'weight_g', as: over(1000) },
      ...told({
        eyeDisease: 'eye_disease',
        visionLeft: 'vision_left',
        visionRight: 'vision_right',
        dental: 'dental',
        note: 'note',
        void: 'void',
      }),
    },
  },
} as const satisfies Readonly<Record<string, Part>>

export type PartName = keyof typeof PARTS
export const PART_NAMES = Object.keys(PARTS) as PartName[]
