// How long to wait before trying again: longer each time, and never at the same moment as everybody else.

/** Milliseconds before the given attempt, counted from 0. */
export type Backoff = (attempt: number) => number

/** Half of the wait is fixed and half is chance, so that gateways that lost one database do not return to it in one wave. */
export function createBackoff({ first = 100, most = 5_000, random = Math.random } = {}): Backoff {
  return (attempt) => {
    const full = Math.min(most, first * 2 ** Math.min(attempt, 16))
    return full / 2 + (full / 2) * random()
  }
}
