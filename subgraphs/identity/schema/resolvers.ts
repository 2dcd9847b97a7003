// The registry's resolvers: arguments in, a service or a loader, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { agreementsOfSchool, listAgreements } from '../services/agreements.ts'
import { listAuditEvents } from '../services/audit.ts'
import { getApplication, listApplications, listVendors } from '../services/registry.ts'
import { allScopes, scopesNamed } from '../services/scopes.ts'
import { countOpenSchools, describeViewer, listOpenSchools } from '../services/viewer.ts'
import * as load from '../store/loaders.ts'
import { AgreementListArgs, ApplicationListArgs, ApplicationRef, AuditFilter } from './inputs.ts'
import {
  Agreement,
  AgreementConnection,
  Application,
  ApplicationConnection,
  Approval,
  AuditEvent,
  AuditEventConnection,
  Authority,
  OpenSchoolConnection,
  School,
  ScopeEntry,
  Vendor,
  VendorConnection,
  Viewer,
} from './types.ts'

const SCOPE_ARG = { description: 'Under which scope: a school is open only where its agreement holds it.', defaultValue: 'school.read' }

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who is calling.' })
  viewer(@Ctx() context: SubgraphContext): Viewer {
    return describeViewer(context)
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The calling application; null for a person.' })
  application(@Ctx() context: SubgraphContext): Promise<Application | null> | null {
    const { applicationId } = context.viewer
    return applicationId ? context.loaders.of(load.applicationById).load(applicationId) : null
  }

  @FieldResolver(() => Authority, { nullable: true, description: 'The authority of an officer (cơ quan của cán bộ).' })
  authority(@Ctx() context: SubgraphContext): Authority | null {
    const { authorityId } = context.viewer
    return authorityId ? { id: authorityId } : null
  }

  @FieldResolver(() => Int, { description: 'How many schools are open to the caller today. Errors: INPUT_INVALID.' })
  schoolCount(@Arg('scope', () => String, SCOPE_ARG) scope: string, @Ctx() context: SubgraphContext): Promise<number> {
    return countOpenSchools(context, scope)
  }

  @FieldResolver(() => OpenSchoolConnection, {
    description: 'The schools open to the caller today, by id. Errors: INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  schools(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('scope', () => String, SCOPE_ARG) scope: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<School>> {
    return listOpenSchools(context, scope, page)
  }
}

@Resolver(() => ScopeEntry)
export class ScopeResolver {
  @Query(() => [ScopeEntry], { description: 'The scope catalogue (danh mục phạm vi quyền).' })
  @Directive('@listSize(assumedSize: 40)')
  scopes(): ScopeEntry[] {
    return allScopes()
  }
}

@Resolver(() => Vendor)
export class VendorResolver {
  @Query(() => VendorConnection, { description: 'Vendors known to the Sở, by code. Errors: LIST_TOO_LONG, CURSOR_INVALID.' })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  vendors(@Args(() => PageArgs) page: PageArgs, @Ctx() context: SubgraphContext): Promise<Connection<Vendor>> {
    return listVendors(context, page)
  }

  @FieldResolver(() => [Application], { description: 'Its applications, by code.' })
  @Directive('@listSize(assumedSize: 3)')
  applications(@Root() vendor: Vendor, @Ctx() context: SubgraphContext): Promise<Application[]> {
    return context.loaders.of(load.applicationsOfVendor).load(vendor.id)
  }
}

@Resolver(() => Application)
export class ApplicationResolver {
  @Query(() => ApplicationConnection, { description: 'Applications, by code. Errors: INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.' })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  applications(@Args(() => ApplicationListArgs) args: ApplicationListArgs, @Ctx() context: SubgraphContext): Promise<Connection<Application>> {
    return listApplications(context, args)
  }

  @Query(() => Application, { description: 'One application. Errors: RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID.' })
  application(
    @Arg('ref', () => ApplicationRef, { description: 'Which application.' }) ref: ApplicationRef,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return getApplication(context, ref)
  }

  @FieldResolver(() => Vendor, { nullable: true, description: 'The vendor.' })
  vendor(@Root() { vendorId }: Application, @Ctx() context: SubgraphContext): Promise<Vendor | null> {
    return context.loaders.of(load.vendorById).load(vendorId)
  }

  @FieldResolver(() => [Approval], { description: 'Approvals by the Sở, newest first.' })
  @Directive('@listSize(assumedSize: 3)')
  approvals(@Root() application: Application, @Ctx() context: SubgraphContext): Promise<Approval[]> {
    return context.loaders.of(load.approvalsOfApplication).load(application.id)
  }
}

@Resolver(() => Approval)
export class ApprovalResolver {
  @FieldResolver(() => [ScopeEntry], { description: 'Scopes approved.' })
  @Directive('@listSize(assumedSize: 15)')
  scopes(@Root() { scopeNames }: Approval): ScopeEntry[] {
    return scopesNamed(scopeNames)
  }
}

@Resolver(() => Agreement)
export class AgreementResolver {
  @Query(() => AgreementConnection, {
    description:
      'Agreements the caller may see: an application its own, an officer or principal those of their schools, compliance all. Ended ones included. Errors: INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  agreements(@Args(() => AgreementListArgs) args: AgreementListArgs, @Ctx() context: SubgraphContext): Promise<Connection<Agreement>> {
    return listAgreements(context, args)
  }

  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolId }: Agreement): School {
    return { id: schoolId }
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The application.' })
  application(@Root() { applicationId }: Agreement, @Ctx() context: SubgraphContext): Promise<Application | null> {
    return context.loaders.of(load.applicationById).load(applicationId)
  }

  @FieldResolver(() => [ScopeEntry], { description: 'Scopes agreed to. What works is approval ∩ agreement.' })
  @Directive('@listSize(assumedSize: 15)')
  scopes(@Root() { scopeNames }: Agreement): ScopeEntry[] {
    return scopesNamed(scopeNames)
  }
}

@Resolver(() => AuditEvent)
export class AuditEventResolver {
  @Query(() => AuditEventConnection, {
    description:
      'The access log, newest first: compliance reads all of it, a person what concerned their schools, an application what it did itself. Errors: INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  auditEvents(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which records.' }) filter: AuditFilter | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<AuditEvent>> {
    return listAuditEvents(context, filter ?? {}, page)
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The application that acted; null when a person did.' })
  application(@Root() { applicationId }: AuditEvent, @Ctx() context: SubgraphContext): Promise<Application | null> | null {
    return applicationId ? context.loaders.of(load.applicationById).load(applicationId) : null
  }

  @FieldResolver(() => Vendor, { nullable: true, description: 'Its vendor; null when a person of an authority or school acted.' })
  vendor(@Root() { vendorId }: AuditEvent, @Ctx() context: SubgraphContext): Promise<Vendor | null> | null {
    return vendorId ? context.loaders.of(load.vendorById).load(vendorId) : null
  }

  @FieldResolver(() => [School], { description: 'The schools whose data it concerned.' })
  @Directive('@listSize(assumedSize: 5)')
  schools(@Root() { schoolIds }: AuditEvent): School[] {
    return schoolIds.map((id) => ({ id }))
  }
}

@Resolver(() => School)
export class SchoolResolver {
  @FieldResolver(() => [Agreement], { description: 'Its agreements as far as the caller may see them, ended ones included.' })
  @Directive('@listSize(assumedSize: 5)')
  agreements(@Root() school: School, @Ctx() context: SubgraphContext): Promise<Agreement[]> {
    return agreementsOfSchool(context, school.id)
  }

  @FieldResolver(() => [Application], {
    description: 'Applications in use: active, under an agreement in force today (phần mềm đang sử dụng). An application sees itself alone.',
  })
  @Directive('@listSize(assumedSize: 3)')
  software(@Root() school: School, @Ctx() context: SubgraphContext): Promise<Application[]> {
    return context.loaders.of(load.softwareOfSchool).load(school.id)
  }
}
