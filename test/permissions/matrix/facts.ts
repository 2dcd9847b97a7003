// What was decided, agreed and consented, and who asks: all that the evaluator of the matrix may look at.

export interface Approval {
  readonly name: string
  /** Whether a token of the application opens the door at all. */
  readonly usable: boolean
  /** Not usable or as before: of these one school tells as much as ten. */
  readonly isOrdinary: boolean
  /** What the Sở lets it do today. */
  readonly scopes: readonly string[]
}

/** What the school agreed to and is in force today. */
export interface Terms {
  readonly scopes: readonly string[]
  /** Empty: every level of the school. */
  readonly levels: readonly string[]
}

export interface Agreement {
  readonly name: string
  /** Papers exist, in force or not: the parties see them. */
  readonly proposed: boolean
  readonly decided: boolean
  readonly signed: boolean
  readonly amended: boolean
  readonly inForce: Terms | null
}

export type Role = 'PRINCIPAL' | 'TEACHER' | 'AUTHORITY_OFFICER' | 'COMPLIANCE_OFFICER' | 'DEVELOPER'

export interface Person {
  readonly role: Role
  readonly scopes: readonly string[]
  /** Works at the school, or oversees it. */
  readonly atSchool: boolean
  /** Of a teacher: teaches the class, or is its homeroom teacher. */
  readonly ofClass: boolean
  /** Of an officer: serves at the Sở. */
  readonly ofDepartment: boolean
}

/** An application by itself, a person, an application for a person, or nobody. */
export interface Party {
  readonly name: string
  readonly application: { readonly approval: Approval; readonly agreement: Agreement } | null
  readonly person: Person | null
}

export type ConsentState = 'none' | 'given' | 'withdrawn' | 'for another purpose'

/** Of the pupil who is asked for: what the family answered the application, and the level of the class. */
export interface Pupil {
  readonly consent: ConsentState
  readonly level: string
}
