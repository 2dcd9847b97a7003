// The life of an application: drafted and requested by its vendor, decided by the Sở. REVOKED is final.
import type { Transitions } from './transitions.ts'

export type ApplicationState = 'DRAFT' | 'REQUESTED' | 'REFUSED' | 'ACTIVE' | 'SUSPENDED' | 'REVOKED'
export type ApplicationAct = 'REQUEST' | 'APPROVE' | 'REFUSE' | 'SUSPEND' | 'REINSTATE' | 'REVOKE'

/**
 * ACTIVE is approved and in use. An active application may ask for more, and be refused that, without losing what it has;
 * the Sở may decide anew, wider or narrower, while it is in use. A suspended one waits for the suspension to be lifted:
 * a new decision would lift it silently.
 */
export const APPLICATION_TRANSITIONS: Transitions<ApplicationState, ApplicationAct> = {
  REQUEST: { DRAFT: 'REQUESTED', REQUESTED: 'REQUESTED', REFUSED: 'REQUESTED', ACTIVE: 'ACTIVE' },
  APPROVE: { REQUESTED: 'ACTIVE', ACTIVE: 'ACTIVE' },
  REFUSE: { REQUESTED: 'REFUSED', ACTIVE: 'ACTIVE' },
  SUSPEND: { ACTIVE: 'SUSPENDED' },
  REINSTATE: { SUSPENDED: 'ACTIVE' },
  REVOKE: { ACTIVE: 'REVOKED', SUSPENDED: 'REVOKED' },
}
