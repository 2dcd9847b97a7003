// Transfers between schools: a batch in, a service, what became of it out; a pupil's transfers; the counts of claims.
import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { Application } from '../../kernel/provenance.ts'
import { NIL } from '../roster/transfers.ts'
import { claimStudents } from '../services/claim-students.ts'
import { releaseStudents } from '../services/release-students.ts'
import { listTransferClaims } from '../services/transfer-claims.ts'
import { transfersOfStudent } from '../store/transfer-loaders.ts'
import { ClaimStudentsInput, ReleaseStudentsInput, TransferClaimFilter } from './transfer-inputs.ts'
import { StudentTransfer, TransferClaimCount, TransferClaimCountConnection } from './transfer-types.ts'
import { Student, StudentBatch } from './types.ts'

const BATCH = { description: 'The batch.' }
const ERRORS = 'Errors: SCHOOL_NOT_ACCESSIBLE, REFERENCE_INVALID, BATCH_EMPTY, BATCH_TOO_LONG, ACT_FORBIDDEN, IDEMPOTENCY_MISMATCH, VERSION_CONFLICT'

@Resolver()
export class TransferResolver {
  @Mutation(() => StudentBatch, {
    description: `Lets pupils go to other schools (cho chuyển trường), up to 1,000: their line of the history closes, and a school may claim them with \`claimStudents\`. An act of the school or of the authority that manages it on that day. Admitting the pupil again before (\`enrolStudents\`) takes the release back. ${ERRORS}.`,
  })
  releaseStudents(
    @Arg('input', () => ReleaseStudentsInput, BATCH) input: ReleaseStudentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Student>> {
    return releaseStudents(context, input)
  }

  @Mutation(() => StudentBatch, {
    description: `Takes over pupils of other schools (tiếp nhận học sinh chuyển đến), up to 1,000. Who is released, or graduated there, is recorded here with all attributes and guardians and admitted to the class; consents are asked for anew. Of everybody else the answer is CLAIM_MATCHED or CLAIM_NOT_MATCHED and nothing more. Claims are counted, and limited in number when they are in vain. ${ERRORS}, RECORD_NOT_ACCESSIBLE (school year), SCOPE_MISSING.`,
  })
  claimStudents(
    @Arg('input', () => ClaimStudentsInput, BATCH) input: ClaimStudentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<Student>> {
    return claimStudents(context, input)
  }

  @Query(() => TransferClaimCountConnection, {
    description: 'How often who claimed pupils of other schools, newest day first: to compliance officers of every school, to officers of an authority of the schools below it. Errors: ACT_FORBIDDEN, LIST_TOO_LONG, CURSOR_INVALID, REFERENCE_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  transferClaims(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TransferClaimFilter, { nullable: true, description: 'Which of them.' }) filter: TransferClaimFilter | null,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<TransferClaimCount>> {
    return listTransferClaims(context, filter, page)
  }
}

@Resolver(() => Student)
export class TransfersOfStudentResolver {
  @FieldResolver(() => [StudentTransfer], { description: 'Transfers from and to this school (chuyển trường), oldest first.' })
  @Directive('@listSize(assumedSize: 2)')
  transfers(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<StudentTransfer[]> {
    return context.loaders.of(transfersOfStudent).load(student)
  }
}

@Resolver(() => TransferClaimCount)
export class TransferClaimCountResolver {
  @FieldResolver(() => Application, { nullable: true, description: 'The application; null for the people of the school in person.' })
  application(@Root() { applicationId }: TransferClaimCount): Application | null {
    return applicationId === NIL ? null : { id: applicationId }
  }
}
