// Which subgraphs there are, and what they hold. Whoever asks for a list of them asks here; the catalog is held to it in test/database.

export const SUBGRAPH_NAMES = ['identity', 'schools', 'gradebook', 'communications', 'reporting'] as const
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number]

/** Those that hold rows of schools, each after those that its rows name: a sandbox tenant begins anew in all of them. */
export const HOLDERS_OF_SCHOOLS = [
  'identity',
  'schools',
  'gradebook',
  'communications',
] as const satisfies readonly SubgraphName[]
export type HolderOfSchools = (typeof HOLDERS_OF_SCHOOLS)[number]

/** Those that hold rows of pupils, in the order in which they follow a pupil whose record is merged into another. */
export const HOLDERS_OF_PUPILS = ['schools', 'gradebook', 'communications', 'identity'] as const satisfies readonly SubgraphName[]
