// Who may see marks, and who may write them. The scope directives of the SDL and the shield tree both derive from this.
import { batchRules, rootCauseRules } from '../kernel/batch.ts'
import { PlatformError } from '../kernel/errors.ts'
import { authenticated, fields, needs, when, type Guard, type Permissions } from '../kernel/permissions.ts'
import { provenanceRules } from '../kernel/provenance.ts'

const read = needs('gradebook.read')
const write = needs('gradebook.write')

/**
 * Marks come from the subject teacher through an approved application (R42). An officer of an authority and whoever
 * administers a school set up years, classes and assignments, and never enter marks (R47), whatever scopes they hold. An
 * application that acts for a person acts for a teacher; in whose name the marks stand is then not its to choose (validate.ts).
 */
export const onlyApplications: Guard = (_args, { viewer }) =>
  viewer.applicationId !== null && (viewer.accountId === null || viewer.role === 'TEACHER')
    ? true
    : new PlatformError('ACT_FORBIDDEN', {
        message:
          'Marks are entered by the subject teacher through an approved application; authorities and administrators never write marks.',
        messageVi:
          'Điểm do giáo viên bộ môn nhập qua ứng dụng đã được phê duyệt; cơ quan quản lý và người quản trị không nhập điểm.',
      })

export const permissions: Permissions = {
  Mutation: { recordScores: when(write, onlyApplications) },
  Student: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(read, 'scores', 'subjectResults', 'formerTerms'),
  },
  ClassRoom: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(read, 'gradebooks'),
  },
  Staff: fields(authenticated, 'schoolId', 'id'),
  Subject: fields(authenticated, 'code'),
  Term: fields(authenticated, 'id'),
  Gradebook: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(
      read,
      'classRoom',
      'subject',
      'term',
      'state',
      'ordinaryDeadline',
      'finalDeadline',
      'progress',
      'version',
      'updatedAt',
    ),
  },
  GradebookProgress: fields(read, 'entered', 'expected'),
  Score: {
    ...fields(authenticated, 'schoolId', 'id'),
    ...fields(
      read,
      'student',
      'classRoom',
      'subject',
      'term',
      'kind',
      'ordinal',
      'value',
      'remark',
      'enteredBy',
      'amendments',
      'version',
      'updatedAt',
      'provenance',
    ),
  },
  ScoreAmendment: fields(
    read,
    'id',
    'oldValue',
    'oldRemark',
    'newValue',
    'newRemark',
    'enteredBy',
    'application',
    'amendedAt',
    'version',
  ),
  SubjectResult: fields(read, 'subject', 'term', 'regulation', 'regulationName', 'average', 'remark', 'missing', 'reasons'),
  FormerTerm: fields(read, 'schoolCode', 'schoolName', 'schoolYear', 'term', 'className', 'grade', 'results', 'marks'),
  FormerMark: fields(read, 'subject', 'kind', 'ordinal', 'value', 'remark'),
  MissingMark: fields(read, 'kind', 'needed', 'present'),
  ResultReason: fields(read, 'code', 'article', 'text'),
  RecordScoresPayload: fields(write, 'summary', 'results', 'rootCauses'),
  ScoreWriteResult: fields(write, 'index', 'status', 'entity', 'errors'),
  ...rootCauseRules,
  ...batchRules,
  ...provenanceRules,
}
