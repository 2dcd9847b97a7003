// The life of an agreement: proposed by the vendor, signed by the principal, amended as a new version, ended or stopped.
import type { Transitions } from './transitions.ts'

export type AgreementState = 'SIGNED' | 'ENDED' | 'STOPPED'
export type AgreementAct = 'AMEND' | 'END' | 'STOP'

/** An agreement exists from its signature. What was ended or stopped does not come back: the parties sign a new one. */
export const AGREEMENT_TRANSITIONS: Transitions<AgreementState, AgreementAct> = {
  AMEND: { SIGNED: 'SIGNED' },
  END: { SIGNED: 'ENDED' },
  STOP: { SIGNED: 'STOPPED' },
}

export type ProposalState = 'PROPOSED' | 'SIGNED' | 'REFUSED' | 'WITHDRAWN'
export type ProposalAct = 'SIGN' | 'REFUSE' | 'WITHDRAW'

/** A proposal, of a first agreement or of an amendment, is decided once. */
export const PROPOSAL_TRANSITIONS: Transitions<ProposalState, ProposalAct> = {
  SIGN: { PROPOSED: 'SIGNED' },
  REFUSE: { PROPOSED: 'REFUSED' },
  WITHDRAW: { PROPOSED: 'WITHDRAWN' },
}
