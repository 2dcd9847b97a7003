// Completeness of a school, a class, a pupil, a member of staff: the record in, a service, the answer out.
import { Arg, Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import { PageArgs, type Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import type { Profile } from '../roster/required-attributes.ts'
import * as service from '../services/completeness.ts'
import { IncompleteRecord, IncompleteRecordConnection, ProfileCompleteness, ProfileKind } from './completeness-types.ts'
import { ClassRoom, School, Staff, Student } from './types.ts'

const MISSING = 'Fields that the data standard requires at this level and that are not recorded; empty for whoever left. R20.'

@Resolver(() => School)
export class SchoolCompletenessResolver {
  @FieldResolver(() => [ProfileCompleteness], {
    description: 'How complete its profiles are (R20), of each kind that the caller may read. Attributes: `schema/required-attributes.json`.',
  })
  @Directive('@listSize(assumedSize: 4)')
  @Directive('@cost(weight: 20)')
  completeness(@Root() { id }: School, @Ctx() context: SubgraphContext): Promise<ProfileCompleteness[]> {
    return service.completenessOfSchool(context, id)
  }

  @FieldResolver(() => IncompleteRecordConnection, {
    description: 'Records of one kind that lack a required attribute. Errors: SCOPE_MISSING, INPUT_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)')
  incompleteRecords(
    @Root() { id }: School,
    @Arg('profile', () => ProfileKind, { defaultValue: ProfileKind.STUDENT, description: 'Whose profiles.' }) profile: Profile,
    @Arg('field', () => String, { nullable: true, description: 'Only those that lack this one.' }) field: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<Connection<IncompleteRecord>> {
    return service.listIncomplete(context, id, profile, field ?? null, page)
  }
}

@Resolver(() => ClassRoom)
export class ClassCompletenessResolver {
  @FieldResolver(() => ProfileCompleteness, { nullable: true, description: 'How complete the profiles of its pupils are (R20).' })
  @Directive('@cost(weight: 2)')
  completeness(@Root() room: ClassRoom, @Ctx() context: SubgraphContext): Promise<ProfileCompleteness | null> {
    return context.loaders.of(service.completenessOfClass).load(room)
  }
}

@Resolver(() => Student)
export class StudentCompletenessResolver {
  @FieldResolver(() => [String], { description: MISSING })
  @Directive('@listSize(assumedSize: 3)')
  missingAttributes(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<string[]> {
    return context.loaders.of(service.missingOfStudent).load(student)
  }
}

@Resolver(() => Staff)
export class StaffCompletenessResolver {
  @FieldResolver(() => [String], { description: MISSING })
  @Directive('@listSize(assumedSize: 3)')
  missingAttributes(@Root() staff: Staff, @Ctx() context: SubgraphContext): Promise<string[]> {
    return context.loaders.of(service.missingOfStaff).load(staff)
  }
}
