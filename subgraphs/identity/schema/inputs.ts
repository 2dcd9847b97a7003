// References and filters of the registry and of the access log.
import { ArgsType, Field, ID, InputType } from 'type-graphql'
import { PageArgs } from '../../kernel/connection.ts'
import { DateTime } from '../../kernel/scalars.ts'
import { ApplicationKind, AuditOutcome } from './enums.ts'

@InputType({ description: 'An application: exactly one of id, code.' })
export class ApplicationRef {
  @Field(() => ID, { nullable: true, description: 'UUIDv7.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'Code of the application, as `smas`.' })
  code?: string | null
}

@ArgsType()
export class ApplicationListArgs extends PageArgs {
  @Field(() => ApplicationKind, { nullable: true, description: 'Only applications of this kind.' })
  kind?: ApplicationKind | null

  @Field(() => ID, { nullable: true, description: 'Only applications of this vendor.' })
  vendorId?: string | null
}

@ArgsType()
export class AgreementListArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only agreements of this school.' })
  schoolId?: string | null

  @Field(() => ID, { nullable: true, description: 'Only agreements with this application.' })
  applicationId?: string | null
}

@InputType({ description: 'Which audit records. Conditions add up.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'What applications of this vendor did.' })
  vendorId?: string | null

  @Field(() => ID, { nullable: true, description: 'What this application did.' })
  applicationId?: string | null

  @Field(() => ID, { nullable: true, description: 'What concerned this school.' })
  schoolId?: string | null

  @Field(() => ID, { nullable: true, description: 'What concerned this pupil. The answer names no pupil.' })
  studentId?: string | null

  @Field(() => DateTime, { nullable: true, description: 'At this instant or later.' })
  from?: string | null

  @Field(() => DateTime, { nullable: true, description: 'Before this instant.' })
  to?: string | null

  @Field(() => AuditOutcome, { nullable: true, description: 'With this outcome.' })
  outcome?: AuditOutcome | null
}
