// How much work an application may cause: a budget of cost for each class of operation, altogether and at one school.

export const OPERATION_CLASSES = ['READ', 'WRITE', 'REPORT'] as const
/** Reading records, writing them, and aggregates over many schools: each has a budget of its own, so that none starves another. */
export type OperationClass = (typeof OPERATION_CLASSES)[number]

/** A leaky bucket: full at first, emptied by what operations cost, refilled steadily. */
export interface Budget {
  /** Most that can be spent at once. */
  readonly capacity: number
  /** Refilled every second. */
  readonly restoreRate: number
}

export interface Budgets {
  /** Of an application at all schools together, or of a person. */
  readonly party: Readonly<Record<OperationClass, Budget>>
  /** Of the same party at one school, within the former. */
  readonly school: Readonly<Record<OperationClass, Budget>>
}

/**
 * What holds for everybody. `access.cost_budget` says otherwise for all or for one application, without a restart.
 *
 * A class page with every mark and three messages a pupil is 650; a batch of 1,000 marks about 6,000. Two cores answer some 200,000 a
 * second: one application alone gets a tenth of that for good, and may burst for 20 seconds' worth. A school is 30 class pages, so the
 * bucket of a school lets a product open it whole, three times over, before it has to wait. No bucket is smaller than the dearest
 * operation that the limits let through (20,000): it could never run.
 */
export const DEFAULT_BUDGETS: Budgets = {
  party: {
    READ: { capacity: 400_000, restoreRate: 20_000 },
    WRITE: { capacity: 200_000, restoreRate: 10_000 },
    REPORT: { capacity: 60_000, restoreRate: 1_000 },
  },
  school: {
    READ: { capacity: 60_000, restoreRate: 3_000 },
    WRITE: { capacity: 60_000, restoreRate: 3_000 },
    REPORT: { capacity: 30_000, restoreRate: 500 },
  },
}
