// Waiting with an end.

export class DeadlinePassed extends Error {}

/** The work's own outcome, or `DeadlinePassed` if it takes longer. The work itself goes on: who can stop it does so on that error. */
export function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    // A plain timer: an abort signal makes an error with a stack for every request that ends in time.
    const timer = setTimeout(() => reject(new DeadlinePassed()), milliseconds)
    work.then(
      (outcome) => {
        clearTimeout(timer)
        resolve(outcome)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error as Error)
      },
    )
  })
}
