// Who owns a group of fields, and what of a competing write lands, becomes a proposal, or says nothing new.
import type { Judged, Stored, Values, Withheld, Word } from '../../kernel/records/decide.ts'
import { FIELD_GROUPS, groupsOf, type GroupName } from './field-groups.ts'

/** A product with an agreement in force at the school. */
export interface Product {
  readonly applicationId: string
  readonly kind: string
  readonly scopes: readonly string[]
  readonly since: string
}

export interface Ownership {
  readonly applicationId: string
  /** Declared by the principal or the Sở, or following from the kind of the application. */
  readonly basis: 'DECLARED' | 'KIND'
}

/**
 * The declared owner while it may write there; else the school-management product that came first. An owner that may no longer
 * write owns nothing: its fields would be nobody's to mend. Null: nobody owns the group, and the last writer wins.
 */
export function ownerOf(group: GroupName, declared: string | null, products: readonly Product[]): Ownership | null {
  const writers = products.filter(({ scopes }) => scopes.includes(FIELD_GROUPS[group].writeScope))
  if (declared !== null && writers.some(({ applicationId }) => applicationId === declared))
    return { applicationId: declared, basis: 'DECLARED' }
  const order = ({ since, applicationId }: Product): string => `${since} ${applicationId}`
  const [first] = writers.filter(({ kind }) => kind === 'SCHOOL_MANAGEMENT').toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
  return first ? { applicationId: first.applicationId, basis: 'KIND' } : null
}

const same = (a: Values, b: Values): boolean => Object.keys(a).every((name) => a[name] === b[name])

const pick = (values: Values, columns: readonly string[]): Record<string, Word> =>
  Object.fromEntries(columns.map((column) => [column, values[column] ?? null]))

/**
 * Takes back what the writer does not own and keeps it aside. A new record overwrites nothing and lands whole. An empty field
 * is the owner's as well: it may have emptied it, and whoever fills it from an old list would undo that. A record that rests on
 * consent and that the owner never wrote is the writer's own: the owner may not so much as see it.
 */
export function withhold<S extends Stored, E>(
  judged: Judged<S, E>,
  entity: string,
  ownerIn: (group: GroupName) => string | null,
  writer: string,
): Judged<S, E> {
  const { stored, values } = judged
  if (stored === null || values === null || judged.whole) return judged
  // Said again to a record that is hidden: it undoes nothing, so there is nothing to take back.
  if (stored.hidden && same(values, stored.values)) return judged
  const standing = stored.hidden ?? stored.values
  const isOwn = (owner: string): boolean => stored.keepers?.includes(writer) === true && !stored.keepers.includes(owner)
  const withheld: Withheld[] = []
  const kept: Record<string, Word> = { ...values }
  let { effect } = judged
  for (const group of groupsOf(entity)) {
    const owner = ownerIn(group)
    if (owner === null || owner === writer || isOwn(owner)) continue
    for (const [field, { path, columns }] of Object.entries(FIELD_GROUPS[group].fields)) {
      const former = pick(standing, columns)
      const proposed = pick(values, columns)
      if (columns.every((column) => former[column] === proposed[column])) continue
      Object.assign(kept, former)
      const own = group === 'STUDENT_ENROLMENT' ? effect : null
      if (group === 'STUDENT_ENROLMENT') effect = null
      withheld.push({ group, field, path, ownerApplicationId: owner, former, proposed, effect: own })
    }
  }
  // An act whose effect is another application's to decide does nothing for now.
  return withheld.length === 0
    ? judged
    : { ...judged, values: kept, effect, acts: effect !== null && judged.acts === true, withheld }
}

/** A proposal of the same application for the same field of the same record, the newest first among the decided. */
export interface KnownProposal {
  readonly id: string
  readonly version: number
  readonly state: 'OPEN' | 'ACCEPTED' | 'REJECTED'
  readonly former: Values
  readonly proposed: Values
}

/**
 * One proposal a field is open, and says what was sent last. Who sends the same again, against the same value in store, adds
 * nothing, also when it was decided: the decision holds until either side says something else.
 */
export function proposalTo(
  { former, proposed }: Pick<Withheld, 'former' | 'proposed'>,
  known: readonly KnownProposal[],
): 'NEW' | 'KNOWN' | KnownProposal {
  const open = known.find(({ state }) => state === 'OPEN')
  const standing = open ?? known[0]
  if (standing && same(former, standing.former) && same(proposed, standing.proposed)) return 'KNOWN'
  return open ?? 'NEW'
}
