// The resolvers of consents: arguments in, a service or a loader, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { DateTime } from '../../kernel/scalars.ts'
import { consentGivers, listConsents } from '../services/consents.ts'
import { recordConsents, withdrawConsents } from '../services/write-consents.ts'
import * as load from '../store/consent-loaders.ts'
import { applicationById } from '../store/loaders.ts'
import { ConsentListArgs, RecordConsentsInput, WithdrawConsentsInput } from './consent-inputs.ts'
import { Consent, ConsentConnection, ConsentEvent, ConsentEvidence, ConsentGiverEntry, ConsentsPayload, Student } from './consent-types.ts'
import { Application, School } from './types.ts'

const REFUSALS =
  'SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH, VERSION_CONFLICT'

@Resolver(() => Consent)
export class ConsentResolver {
  @Query(() => ConsentConnection, {
    description:
      'Consents the caller may see: an application those given to it, a principal or officer those of their schools, compliance all — without naming a pupil. ' +
      'Withdrawn ones included. Errors: INPUT_INVALID, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  consents(@Args(() => ConsentListArgs) args: ConsentListArgs, @Ctx() context: SubgraphContext): Promise<Connection<Consent>> {
    return listConsents(context, args)
  }

  @Mutation(() => ConsentsPayload, {
    description:
      'Records consents (ghi nhận đồng ý) at one school, up to 1,000, each on evidence. What rests on them — guardians’ contacts, messages — opens with the answer. ' +
      'Answered record by record; in ATOMIC mode one refusal refuses all. An application records what was consented to it; a principal, for any application of the school. ' +
      `Errors: ${REFUSALS}; of a record: STUDENT_NOT_FOUND, GUARDIAN_NOT_OF_STUDENT, CONSENT_GIVER_INVALID, CHILD_CONSENT_REQUIRED, CONSENT_EVIDENCE_REQUIRED, ` +
      'CONSENT_IN_FUTURE, CONSENT_WITHDRAWN_SINCE, APPLICATION_NOT_AGREED, ACT_FORBIDDEN, DUPLICATE_IN_BATCH. Law 91/2025/QH15.',
  })
  recordConsents(
    @Arg('input', () => RecordConsentsInput, { description: 'The batch.' }) input: RecordConsentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<ConsentsPayload> {
    return recordConsents(context, input)
  }

  @Mutation(() => ConsentsPayload, {
    description:
      'Withdraws consents (rút lại đồng ý) at one school, up to 1,000, at any time. What rested on them closes with the answer, tokens in flight included; ' +
      'a contact-book subscription ends with the last consent of the pupil’s guardians. What was given stays on record. ' +
      'An application withdraws its own; a principal or officer, any of the school. ' +
      `Errors: ${REFUSALS}; of a record: CONSENT_NOT_FOUND, CONSENT_GIVEN_SINCE, CONSENT_IN_FUTURE, STUDENT_NOT_FOUND, CONSENT_GIVER_INVALID, ACT_FORBIDDEN, DUPLICATE_IN_BATCH. Law 91/2025/QH15.`,
  })
  withdrawConsents(
    @Arg('input', () => WithdrawConsentsInput, { description: 'The batch.' }) input: WithdrawConsentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<ConsentsPayload> {
    return withdrawConsents(context, input)
  }

  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolId }: Consent): School {
    return { id: schoolId }
  }

  @FieldResolver(() => Student, { description: 'The pupil.' })
  student(@Root() { schoolId, studentId }: Consent): Student {
    return { schoolId, id: studentId }
  }

  @FieldResolver(() => ID, { nullable: true, description: 'The guardian who gave it; null when the pupil did.' })
  guardianId(@Root() { givenBy, giverId }: Consent): string | null {
    return givenBy === 'GUARDIAN' ? giverId : null
  }

  @FieldResolver(() => Application, { nullable: true, description: 'To which application.' })
  application(@Root() { applicationId }: Consent, @Ctx() context: SubgraphContext): Promise<Application | null> {
    return context.loaders.of(applicationById).load(applicationId)
  }

  @FieldResolver(() => ConsentEvidence, { description: 'What proves it.' })
  evidence(@Root() { evidenceKind, evidenceReference }: Consent): ConsentEvidence {
    return { kind: evidenceKind, reference: evidenceReference }
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When it was withdrawn; null while it stands.' })
  withdrawnAt(@Root() { status, lastWithdrawnAt }: Consent): string | null {
    return status === 'WITHDRAWN' ? lastWithdrawnAt : null
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The application that recorded the last change; null when a person did, or the initial load.' })
  recordedBy(@Root() { recordedByApplicationId: id }: Consent, @Ctx() context: SubgraphContext): Promise<Application | null> | null {
    return id ? context.loaders.of(applicationById).load(id) : null
  }

  @FieldResolver(() => [ConsentEvent], { description: 'Its life (lịch sử), oldest step first.' })
  @Directive('@listSize(assumedSize: 2)')
  history(@Root() consent: Consent, @Ctx() context: SubgraphContext): Promise<ConsentEvent[]> {
    return context.loaders.of(load.eventsOfConsent).load(consent)
  }
}

@Resolver(() => ConsentEvent)
export class ConsentEventResolver {
  @FieldResolver(() => ConsentEvidence, { nullable: true, description: 'What proved it; null for a withdrawal.' })
  evidence(@Root() { evidenceKind: kind, evidenceReference: reference }: ConsentEvent): ConsentEvidence | null {
    return kind && reference ? { kind, reference } : null
  }

  @FieldResolver(() => Application, { nullable: true, description: 'The application that recorded it; null when a person did, or the initial load.' })
  recordedBy(@Root() { recordedByApplicationId: id }: ConsentEvent, @Ctx() context: SubgraphContext): Promise<Application | null> | null {
    return id ? context.loaders.of(applicationById).load(id) : null
  }
}

@Resolver(() => Student)
export class StudentResolver {
  @FieldResolver(() => [Consent], { description: 'Consents for this pupil as far as the caller may see them, withdrawn ones included.' })
  @Directive('@listSize(assumedSize: 3)')
  consents(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<Consent[]> {
    return context.loaders.of(load.consentsOfStudent).load(student)
  }

  @FieldResolver(() => [ConsentGiverEntry], {
    description: 'Who may consent for this pupil today: the guardians and the pupil, by relation alone. Names and contacts come with consent.',
  })
  @Directive('@listSize(assumedSize: 3)')
  consentGivers(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<ConsentGiverEntry[]> {
    return consentGivers(context, student)
  }
}
