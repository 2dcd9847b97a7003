// A state machine as a table: which act leads from which state to which. What the table does not name is illegal.

export type Transitions<State extends string, Act extends string> = Readonly<Record<Act, Readonly<Partial<Record<State, State>>>>>

/** Where the act leads from here; null when it leads nowhere. */
export function nextState<State extends string, Act extends string>(
  transitions: Transitions<State, Act>,
  from: State,
  act: Act,
): State | null {
  return transitions[act][from] ?? null
}
