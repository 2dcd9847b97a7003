// Waiting with an end.

export class DeadlinePassed extends Error {}

/** The work's own outcome, or `DeadlinePassed` if it takes longer. The work itself goes on: who can stop it does so on that error. */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    // A plain timer: an abort signal makes an error with a stack for every request that ends in time.
    timer = setTimeout(() => reject(new DeadlinePassed()), milliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
