// All or none: what one refusal in a batch means for the other records. Imports nothing, so that pure rules may use it.

export type Mode = 'PARTIAL' | 'ATOMIC'

interface Settled {
  readonly status: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'REJECTED' | 'CONFLICT'
}

/** In ATOMIC mode one refusal or conflict refuses the rest too: each of them says so, and the culprits say why. */
export function settle<D extends Settled>(decisions: readonly D[], mode: Mode, refused: D): readonly D[] {
  const fails = ({ status }: D): boolean => status === 'REJECTED' || status === 'CONFLICT'
  if (mode === 'PARTIAL' || !decisions.some(fails)) return decisions
  return decisions.map((decision) => (fails(decision) ? decision : refused))
}
