// What the explorer's server tells its page. Both sides import it; it imports nothing.

export interface ExplorerSchool {
  readonly code: string
  readonly name: string
  /** What the agreement opens at this school; empty for people, whose scopes stand on the party. */
  readonly scopes: readonly string[]
}

/** A sandbox party as the page may know it: no key file, no ids. */
export interface ExplorerParty {
  readonly clientId: string
  readonly name: string
  readonly role: string
  readonly scopes: readonly string[]
  readonly schools: readonly ExplorerSchool[]
}

/** What an example needs to have filled in before it says something. */
export const PREFILLS = ['none', 'classRoom', 'classTerm', 'scores', 'foreignSchool', 'month', 'today'] as const
export type Prefill = (typeof PREFILLS)[number]

export interface ExplorerExample {
  readonly id: string
  readonly titleVi: string
  readonly titleEn: string
  /** Roles it is offered to; a party also needs all of `scopes`. */
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly prefill: Prefill
  readonly writes: boolean
  /** The one operation of the document. */
  readonly operationName: string
  readonly document: string
}

export interface ExplorerSession {
  /** Path of the API on this origin. */
  readonly graphql: string
  /** Path of the token route on this origin. */
  readonly token: string
  /** The calendar day in Vietnam, by the platform's clock. */
  readonly today: string
  readonly parties: readonly ExplorerParty[]
  readonly examples: readonly ExplorerExample[]
}

export interface ExplorerToken {
  readonly accessToken: string
  /** Seconds from when it was asked for. */
  readonly expiresIn: number
  /** What the authorization server granted. */
  readonly scopes: readonly string[]
}

export interface ExplorerRefusal {
  readonly error: string
  readonly message: string
  readonly messageVi: string
}

/** Sent with every token request: a header that a page of another origin cannot set without asking us first. */
export const EXPLORER_HEADER = 'x-lienthong-explorer'

export function isOfferedTo(example: ExplorerExample, party: ExplorerParty): boolean {
  return example.roles.includes(party.role) && example.scopes.every((scope) => party.scopes.includes(scope))
}
