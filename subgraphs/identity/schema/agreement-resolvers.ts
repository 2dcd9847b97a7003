// Agreements as they are made and ended, and who has access to a school.
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { removeAccount } from '../services/accounts.ts'
import {
  amendAgreement,
  endAgreement,
  proposeAgreement,
  refuseAgreement,
  signAgreement,
  stopAgreement,
  withdrawProposal,
} from '../services/agreement-acts.ts'
import { listProposals } from '../services/agreements.ts'
import { agreementDifference } from '../services/difference.ts'
import { scopesNamed } from '../services/scopes.ts'
import * as load from '../store/loaders.ts'
import { AgreementChangeInput, AgreementTermsInput, ProposalListArgs, ProposeAgreementInput } from './registry-inputs.ts'
import {
  AgreementProposal,
  AgreementProposalConnection,
  AgreementVersion,
  ApplicationAccess,
  GrantDifference,
  SchoolAccount,
} from './registry-types.ts'
import { Agreement, Application, School, ScopeEntry } from './types.ts'

const AGREEMENT = { description: 'Which agreement.' }
const PROPOSAL = { description: 'Which proposal.' }
const REASON = { description: 'Why (lý do); kept with the event.' }

@Resolver(() => Agreement)
export class AgreementActsResolver {
  @Mutation(() => Agreement, {
    description: 'The principal signs what the vendor proposed (ký thỏa thuận): the school opens with the commit. Errors: TRANSITION_ILLEGAL, SCOPE_NOT_APPROVED, AGREEMENT_IN_FORCE, LEVEL_INVALID, VALIDITY_INVALID, VERSION_CONFLICT, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  signAgreement(@Arg('proposalId', () => ID, PROPOSAL) proposalId: string, @Ctx() context: SubgraphContext): Promise<Agreement> {
    return signAgreement(context, proposalId)
  }

  @Mutation(() => Agreement, {
    description: 'The principal or the vendor ends an agreement (chấm dứt): the school is closed to the next request. Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  endAgreement(
    @Arg('agreementId', () => ID, AGREEMENT) agreementId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Agreement> {
    return endAgreement(context, agreementId, reason)
  }

  @Mutation(() => Agreement, {
    description: 'The authority that manages the school today, or the Sở, stops an agreement (dừng). Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  stopAgreement(
    @Arg('agreementId', () => ID, AGREEMENT) agreementId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Agreement> {
    return stopAgreement(context, agreementId, reason)
  }

  @Query(() => GrantDifference, {
    description: 'What a change would change in effect, before it is saved. Errors: REFERENCE_INVALID, RECORD_NOT_ACCESSIBLE, SCHOOL_NOT_ACCESSIBLE, SCOPE_UNKNOWN, VALIDITY_INVALID, ACT_FORBIDDEN.',
  })
  agreementDifference(
    @Arg('change', () => AgreementChangeInput, { description: 'The change.' }) change: AgreementChangeInput,
    @Ctx() context: SubgraphContext,
  ): Promise<GrantDifference> {
    return agreementDifference(context, change)
  }

  @FieldResolver(() => [AgreementVersion], { description: 'Terms that amendments have replaced, newest first.' })
  @Directive('@listSize(assumedSize: 3)')
  formerVersions(@Root() { schoolId, id }: Agreement, @Ctx() context: SubgraphContext): Promise<AgreementVersion[]> {
    return context.loaders.of(load.versionsOfAgreement).load({ schoolId, id })
  }
}

@Resolver(() => AgreementVersion)
export class AgreementVersionResolver {
  @FieldResolver(() => [ScopeEntry], { description: 'Scopes agreed to then.' })
  @Directive('@listSize(assumedSize: 15)')
  scopes(@Root() { scopeNames }: AgreementVersion): ScopeEntry[] {
    return scopesNamed(scopeNames)
  }
}

@Resolver(() => AgreementProposal)
export class AgreementProposalResolver {
  @Mutation(() => AgreementProposal, {
    description: 'The calling application proposes an agreement to a school (đề nghị thỏa thuận). Errors: SCOPE_NOT_APPROVED, SCOPE_UNKNOWN, SCOPES_REQUIRED, PURPOSE_REQUIRED, LEVEL_INVALID, VALIDITY_INVALID, PROPOSAL_EXISTS, AGREEMENT_IN_FORCE, SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, ACT_FORBIDDEN.',
  })
  proposeAgreement(
    @Arg('input', () => ProposeAgreementInput, { description: 'The proposal.' }) input: ProposeAgreementInput,
    @Ctx() context: SubgraphContext,
  ): Promise<AgreementProposal> {
    return proposeAgreement(context, input)
  }

  @Mutation(() => AgreementProposal, {
    description: 'The vendor proposes the next version of its agreement; the principal narrows it at once (sửa đổi). The former terms are kept. Errors: AMENDMENT_WIDENS, SCOPE_NOT_APPROVED, PROPOSAL_EXISTS, TRANSITION_ILLEGAL, VALIDITY_INVALID, PURPOSE_REQUIRED, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  amendAgreement(
    @Arg('agreementId', () => ID, AGREEMENT) agreementId: string,
    @Arg('terms', () => AgreementTermsInput, { description: 'The terms as they should be.' }) terms: AgreementTermsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<AgreementProposal> {
    return amendAgreement(context, agreementId, terms)
  }

  @Mutation(() => AgreementProposal, {
    description: 'The principal refuses a proposal (từ chối). Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  refuseAgreement(
    @Arg('proposalId', () => ID, PROPOSAL) proposalId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<AgreementProposal> {
    return refuseAgreement(context, proposalId, reason)
  }

  @Mutation(() => AgreementProposal, {
    description: 'The vendor withdraws its proposal (rút đề nghị). Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  withdrawProposal(
    @Arg('proposalId', () => ID, PROPOSAL) proposalId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<AgreementProposal> {
    return withdrawProposal(context, proposalId, reason)
  }

  @Query(() => AgreementProposalConnection, {
    description: 'Proposals the caller may see: an application its own, a principal or officer those to their schools, compliance all. Errors: INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  agreementProposals(@Args(() => ProposalListArgs) args: ProposalListArgs, @Ctx() context: SubgraphContext): Promise<Connection<AgreementProposal>> {
    return listProposals(context, args)
  }

  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolId }: AgreementProposal): School {
    return { id: schoolId }
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The application.' })
  application(@Root() { applicationId }: AgreementProposal, @Ctx() context: SubgraphContext): Promise<Application | null> {
    return context.loaders.of(load.applicationById).load(applicationId)
  }

  @FieldResolver(() => [ScopeEntry], { description: 'Scopes proposed.' })
  @Directive('@listSize(assumedSize: 15)')
  scopes(@Root() { scopeNames }: AgreementProposal): ScopeEntry[] {
    return scopesNamed(scopeNames)
  }
}

@Resolver(() => School)
export class SchoolAccessResolver {
  @FieldResolver(() => [SchoolAccount], { description: 'Every account of the school, former ones last, with its last use. To an application, none.' })
  @Directive('@listSize(assumedSize: 80)')
  accounts(@Root() school: School, @Ctx() context: SubgraphContext): Promise<SchoolAccount[]> {
    return context.loaders.of(load.accountsOfSchool).load(school.id)
  }

  @FieldResolver(() => [ApplicationAccess], { description: 'Every application with access to the school today, with its last use. To an application, none.' })
  @Directive('@listSize(assumedSize: 4)')
  applicationAccess(@Root() school: School, @Ctx() context: SubgraphContext): Promise<ApplicationAccess[]> {
    return context.loaders.of(load.applicationAccessOfSchool).load(school.id)
  }
}

@Resolver(() => SchoolAccount)
export class SchoolAccountResolver {
  @Mutation(() => SchoolAccount, {
    description: 'The principal removes an account from the own school (xóa tài khoản): the next request is refused. What the account did stays on record. Errors: REASON_REQUIRED, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  removeAccount(
    @Arg('accountId', () => ID, { description: 'Which account.' }) accountId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<SchoolAccount> {
    return removeAccount(context, accountId, reason)
  }
}

@Resolver(() => ApplicationAccess)
export class ApplicationAccessResolver {
  @FieldResolver(() => Application, { nullable: true, description: 'The application.' })
  application(@Root() { applicationId }: ApplicationAccess, @Ctx() context: SubgraphContext): Promise<Application | null> {
    return context.loaders.of(load.applicationById).load(applicationId)
  }

  @FieldResolver(() => [ScopeEntry], { description: 'Scopes in effect: approval ∩ agreement.' })
  @Directive('@listSize(assumedSize: 15)')
  scopes(@Root() { scopeNames }: ApplicationAccess): ScopeEntry[] {
    return scopesNamed(scopeNames)
  }
}
