// Long work in pieces: between them the event loop hears everybody else.

/** Of a small answer nothing takes as long. A turn costs less than a tenth of it. */
const LONG_MS = 4

/** Whether what began then has been long enough to let others go first. */
export const tookLong = (began: number): boolean => performance.now() - began > LONG_MS

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
