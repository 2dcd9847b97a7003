// Which report of which authority.
import { ArgsType, Field, ID } from 'type-graphql'

@ArgsType()
export class AuthorityArgs {
  @Field(() => ID, { nullable: true, description: 'The authority whose schools are reported: the caller’s own (default), or one below it.' })
  authorityId?: string | null
}

@ArgsType()
export class ContactBookReportArgs extends AuthorityArgs {
  @Field(() => String, { description: 'Month of the report, as `2026-11`; not one to come.' })
  month!: string
}
