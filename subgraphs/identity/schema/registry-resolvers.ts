// Registration and decision: arguments in, a service, the entity out.
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import {
  approveApplication,
  refuseApplication,
  registerApplication,
  registerVendor,
  reinstateApplication,
  requestScopes,
  revokeApplication,
  suspendApplication,
} from '../services/approvals.ts'
import { revokeCredential, rotateCredential } from '../services/credentials.ts'
import { credentialsOf, scopeRequestsOf } from '../services/registry.ts'
import { listRegistryEvents } from '../services/registry-events.ts'
import { scopesNamed } from '../services/scopes.ts'
import { setTokenBinding } from '../services/token-binding.ts'
import * as load from '../store/loaders.ts'
import { TokenBinding } from './enums.ts'
import { ApplicationRef } from './inputs.ts'
import { ApprovalInput, RegisterApplicationInput, RegisterVendorInput, RegistryEventFilter, ScopeRequestInput } from './registry-inputs.ts'
import { Credential, RegistryEvent, RegistryEventConnection, ScopeRequest, VendorCertificate } from './registry-types.ts'
import { Application, School, ScopeEntry, Vendor } from './types.ts'

const APPLICATION = { description: 'Which application.' }
const REASON = { description: 'Why (lý do); kept with the event.' }

@Resolver(() => Vendor)
export class VendorRegistrationResolver {
  @Mutation(() => Vendor, {
    description: 'Registers a vendor (đăng ký nhà cung cấp): a developer the own one, for which the account then speaks; or the Sở. Errors: VENDOR_EXISTS, TAX_CODE_INVALID, TRANSITION_ILLEGAL, INPUT_INVALID, VALIDITY_INVALID, DUPLICATE_IN_BATCH, ACT_FORBIDDEN.',
  })
  registerVendor(
    @Arg('input', () => RegisterVendorInput, { description: 'The vendor.' }) input: RegisterVendorInput,
    @Ctx() context: SubgraphContext,
  ): Promise<Vendor> {
    return registerVendor(context, input)
  }

  @FieldResolver(() => [VendorCertificate], { description: 'Its certificates.' })
  @Directive('@listSize(assumedSize: 3)')
  certificates(@Root() vendor: Vendor, @Ctx() context: SubgraphContext): Promise<VendorCertificate[]> {
    return context.loaders.of(load.certificatesOfVendor).load(vendor.id)
  }
}

@Resolver(() => Application)
export class ApplicationRegistrationResolver {
  @Mutation(() => Application, {
    description: 'Registers an application as a draft. Errors: APPLICATION_EXISTS, INPUT_INVALID, RECORD_NOT_ACCESSIBLE, ACT_FORBIDDEN.',
  })
  registerApplication(
    @Arg('input', () => RegisterApplicationInput, { description: 'The application.' }) input: RegisterApplicationInput,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return registerApplication(context, input)
  }

  @Mutation(() => Application, {
    description: 'Asks the Sở for scopes, each with its purpose (đề nghị cấp quyền); replaces what was asked and not decided. What is in force stays in force. Errors: SCOPE_UNKNOWN, SCOPES_REQUIRED, PURPOSE_REQUIRED, TRANSITION_ILLEGAL, RECORD_NOT_ACCESSIBLE.',
  })
  requestScopes(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('scopes', () => [ScopeRequestInput], { description: 'Every scope that is needed.' }) scopes: ScopeRequestInput[],
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return requestScopes(context, application, scopes)
  }

  @Mutation(() => Application, {
    description: 'The Sở approves an application, for the scopes requested or fewer (phê duyệt). A later decision takes the place of an earlier one from its first day. Errors: DECISION_NUMBER_REQUIRED, SCOPE_NOT_REQUESTED, SCOPE_UNKNOWN, VALIDITY_INVALID, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  approveApplication(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('input', () => ApprovalInput, { description: 'The decision.' }) input: ApprovalInput,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return approveApplication(context, application, input)
  }

  @Mutation(() => Application, {
    description: 'The Sở refuses what was requested (từ chối); what is in force stays in force. Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  refuseApplication(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return refuseApplication(context, application, reason)
  }

  @Mutation(() => Application, {
    description: 'The Sở suspends an application (tạm đình chỉ): its very next request is refused, tokens in flight included. Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  suspendApplication(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return suspendApplication(context, application, reason)
  }

  @Mutation(() => Application, {
    description: 'The Sở lifts a suspension (khôi phục). Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  reinstateApplication(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return reinstateApplication(context, application, reason)
  }

  @Mutation(() => Application, {
    description: 'The Sở revokes an application for good (thu hồi). Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE.',
  })
  revokeApplication(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return revokeApplication(context, application, reason)
  }

  @Mutation(() => Application, {
    description: 'The vendor or the Sở requires that tokens of the application be bound to a key (DPoP), or lifts that; what the Sở required, the Sở alone lifts. From then on no bearer token of it is accepted, those in flight included. Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID.',
  })
  setTokenBinding(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('binding', () => TokenBinding, { description: 'How it should be.' }) binding: TokenBinding,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return setTokenBinding(context, application, binding, reason)
  }

  @FieldResolver(() => [ScopeRequest], { description: 'What it asked for, with the purposes and what was granted; to another vendor, none.' })
  @Directive('@listSize(assumedSize: 15)')
  scopeRequests(@Root() application: Application, @Ctx() context: SubgraphContext): Promise<ScopeRequest[]> {
    return scopeRequestsOf(context, application)
  }

  @FieldResolver(() => [Credential], { description: 'Its keys, newest first; to another vendor, none.' })
  @Directive('@listSize(assumedSize: 3)')
  credentials(@Root() application: Application, @Ctx() context: SubgraphContext): Promise<Credential[]> {
    return credentialsOf(context, application)
  }
}

@Resolver(() => ScopeRequest)
export class ScopeRequestResolver {
  @FieldResolver(() => ScopeEntry, { nullable: true, description: 'The scope; null when it has left the catalogue.' })
  scope(@Root() { scopeName }: ScopeRequest): ScopeEntry | null {
    return scopesNamed([scopeName])[0] ?? null
  }
}

@Resolver(() => Credential)
export class CredentialResolver {
  @Mutation(() => Credential, {
    description: 'Registers a new public key (đổi khóa). The other keys go on for the overlap, then stop; without an overlap they stop now. It serves once the Sở has approved the application; for production there is none before. Errors: CREDENTIAL_BEFORE_APPROVAL, KEY_INVALID, KEY_EXISTS, INPUT_INVALID, TRANSITION_ILLEGAL, RECORD_NOT_ACCESSIBLE.',
  })
  rotateCredential(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('publicKey', () => String, { description: 'The public key as a JWK, EC P-256 or Ed25519.' }) publicKey: string,
    @Arg('overlapHours', () => Int, { defaultValue: 24, description: 'Hours that the other keys go on, 0 to 168.' }) overlapHours: number,
    @Ctx() context: SubgraphContext,
  ): Promise<Credential> {
    return rotateCredential(context, application, publicKey, overlapHours)
  }

  @Mutation(() => Credential, {
    description: 'Ends a key at once (thu hồi khóa), and every token that was issued before: it may have been asked for with that key. Errors: REASON_REQUIRED, TRANSITION_ILLEGAL, RECORD_NOT_ACCESSIBLE.',
  })
  revokeCredential(
    @Arg('credentialId', () => ID, { description: 'Which key.' }) credentialId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Credential> {
    return revokeCredential(context, credentialId, reason)
  }
}

@Resolver(() => RegistryEvent)
export class RegistryEventResolver {
  @Query(() => RegistryEventConnection, {
    description: 'Every change of a right that the caller may see, newest first: a vendor its own, a school its own, compliance all. Errors: INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  registryEvents(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RegistryEventFilter, { nullable: true, description: 'Which events.' }) filter: RegistryEventFilter | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<RegistryEvent>> {
    return listRegistryEvents(context, filter ?? {}, page)
  }

  @FieldResolver(() => Vendor, { nullable: true, description: 'The vendor, if it is about one.' })
  vendor(@Root() { vendorId }: RegistryEvent, @Ctx() context: SubgraphContext): Promise<Vendor | null> | null {
    return vendorId ? context.loaders.of(load.vendorById).load(vendorId) : null
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The application, if it is about one.' })
  application(@Root() { applicationId }: RegistryEvent, @Ctx() context: SubgraphContext): Promise<Application | null> | null {
    return applicationId ? context.loaders.of(load.applicationById).load(applicationId) : null
  }

  @FieldResolver(() => School, { nullable: true, description: 'The school, if it is about one.' })
  school(@Root() { schoolId }: RegistryEvent): School | null {
    return schoolId ? { id: schoolId } : null
  }
}
