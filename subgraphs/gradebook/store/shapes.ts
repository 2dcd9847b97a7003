// Rows of the gradebook in the shape of the contract: references to what other subgraphs own are plain keys.
import type { SchoolKey } from '../../kernel/context.ts'
import type { Gradebook, Score, ScoreAmendment } from '../schema/types.ts'

interface WrittenBy {
  readonly applicationId: string | null
}

export type ScoreRow = Record<string, unknown> &
  SchoolKey &
  WrittenBy &
  Pick<Score, 'kind' | 'ordinal' | 'value' | 'remark' | 'version' | 'updatedAt'> & {
    readonly studentId: string
    readonly classId: string
    readonly subjectCode: string
    readonly termId: string
    readonly staffId: string
    readonly externalId: string | null
  }

const applicationOf = ({ applicationId }: WrittenBy): { id: string } | null =>
  applicationId === null ? null : { id: applicationId }

/** An application sees its own id of a mark; what other products call it is theirs. */
export function shapeScore(row: ScoreRow, callingApplication: string | null): Score {
  const { schoolId, id, kind, ordinal, value, remark, version, updatedAt } = row
  return {
    schoolId,
    id,
    student: { schoolId, id: row.studentId },
    classRoom: { schoolId, id: row.classId },
    subject: { code: row.subjectCode },
    term: { id: row.termId },
    kind,
    ordinal,
    value,
    remark,
    enteredBy: { schoolId, id: row.staffId },
    version,
    updatedAt,
    provenance: {
      application: applicationOf(row),
      receivedAt: updatedAt,
      externalId: row.applicationId !== null && row.applicationId === callingApplication ? row.externalId : null,
    },
  }
}

export type GradebookRow = Record<string, unknown> &
  SchoolKey &
  Pick<Gradebook, 'state' | 'ordinaryDeadline' | 'finalDeadline' | 'version' | 'updatedAt'> & {
    readonly classId: string
    readonly subjectCode: string
    readonly termId: string
  }

export function shapeGradebook(row: GradebookRow): Gradebook {
  const { schoolId, id, state, ordinaryDeadline, finalDeadline, version, updatedAt } = row
  return {
    schoolId,
    id,
    classRoom: { schoolId, id: row.classId },
    subject: { code: row.subjectCode },
    term: { id: row.termId },
    state,
    ordinaryDeadline,
    finalDeadline,
    version,
    updatedAt,
  }
}

export type AmendmentRow = Record<string, unknown> &
  WrittenBy &
  Pick<ScoreAmendment, 'id' | 'oldValue' | 'oldRemark' | 'newValue' | 'newRemark' | 'amendedAt' | 'version'> & {
    readonly schoolId: string
    readonly scoreId: string
    readonly staffId: string
  }

export function shapeAmendment(row: AmendmentRow): ScoreAmendment {
  const { id, oldValue, oldRemark, newValue, newRemark, amendedAt, version } = row
  return {
    id,
    oldValue,
    oldRemark,
    newValue,
    newRemark,
    enteredBy: { schoolId: row.schoolId, id: row.staffId },
    application: applicationOf(row),
    amendedAt,
    version,
  }
}
