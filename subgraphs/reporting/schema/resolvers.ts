// The reports' resolvers: arguments in, a service, the report out.
import { Args, Ctx, Query, Resolver } from 'type-graphql'
import type { SubgraphContext } from '../../kernel/context.ts'
import { reportContactBook } from '../services/contact-book.ts'
import { reportSoftwareInUse } from '../services/software.ts'
import { AuthorityArgs, ContactBookReportArgs } from './inputs.ts'
import { ContactBookReport, SoftwareInUse } from './types.ts'

@Resolver()
export class ReportResolver {
  @Query(() => ContactBookReport, {
    description: 'The contact-book report of an authority for a month. Errors: ACT_FORBIDDEN, INPUT_INVALID.',
  })
  contactBookReport(@Args(() => ContactBookReportArgs) args: ContactBookReportArgs, @Ctx() context: SubgraphContext): Promise<ContactBookReport> {
    return reportContactBook(context, args)
  }

  @Query(() => SoftwareInUse, { description: 'Schools of an authority, the products they use and their vendors, today. Errors: ACT_FORBIDDEN.' })
  softwareInUse(@Args(() => AuthorityArgs) args: AuthorityArgs, @Ctx() context: SubgraphContext): Promise<SoftwareInUse> {
    return reportSoftwareInUse(context, args)
  }
}
