// The contact book's resolvers: arguments in, a service or a loader, the answer out.
import { Args, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { SubgraphContext } from '../../kernel/context.ts'
import { messagesOf, partsOf } from '../services/messages.ts'
import * as load from '../store/loaders.ts'
import { MessageArgs } from './inputs.ts'
import { Application, Brandname, ContactBookPlan, Message, School, Student, ContactBookSubscription } from './types.ts'

@Resolver(() => School)
export class SchoolResolver {
  @FieldResolver(() => [ContactBookPlan], { description: 'Its contact-book plans, newest first; an application sees its own alone.' })
  @Directive('@listSize(assumedSize: 3)')
  contactBookPlans(@Root() school: School, @Ctx() context: SubgraphContext): Promise<ContactBookPlan[]> {
    return context.loaders.of(load.plansOfSchool).load(school.id)
  }

  @FieldResolver(() => [Brandname], { description: 'Its brandnames, newest first.' })
  @Directive('@listSize(assumedSize: 2)')
  brandnames(@Root() school: School, @Ctx() context: SubgraphContext): Promise<Brandname[]> {
    return context.loaders.of(load.brandnamesOfSchool).load(school.id)
  }
}

@Resolver(() => Student)
export class StudentResolver {
  @FieldResolver(() => [Message], { description: 'Messages to the pupil’s parents, newest first. Errors: LIST_TOO_LONG.' })
  @Directive('@listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)')
  messages(@Root() student: Student, @Args(() => MessageArgs) args: MessageArgs, @Ctx() context: SubgraphContext): Promise<Message[]> {
    return messagesOf(context, student, args)
  }

  @FieldResolver(() => ContactBookSubscription, {
    nullable: true,
    description: 'The subscription in force; null when the parents take no contact book. An application sees those of its own plans alone.',
  })
  subscription(@Root() student: Student, @Ctx() context: SubgraphContext): Promise<ContactBookSubscription | null> {
    return context.loaders.of(load.subscriptionOfStudent).load(student)
  }
}

@Resolver(() => ContactBookPlan)
export class ContactBookPlanResolver {
  @FieldResolver(() => Application, { description: 'The application that provides it.' })
  application(@Root() { applicationId }: ContactBookPlan): Application {
    return { id: applicationId }
  }
}

@Resolver(() => ContactBookSubscription)
export class ContactBookSubscriptionResolver {
  @FieldResolver(() => ContactBookPlan, { nullable: true, description: 'The plan.' })
  plan(@Root() { schoolId, planId }: ContactBookSubscription, @Ctx() context: SubgraphContext): Promise<ContactBookPlan | null> {
    return context.loaders.of(load.planByKey).load({ schoolId, id: planId })
  }
}

@Resolver(() => Message)
export class MessageResolver {
  @FieldResolver(() => Int, { nullable: true, description: 'Parts it was sent as, for SMS: 160 or 70 characters, of several 153 or 67. Null on other channels.' })
  parts(@Root() message: Message): number | null {
    return partsOf(message)
  }

  @FieldResolver(() => Application, { description: 'The application that sent it.' })
  application(@Root() { applicationId }: Message): Application {
    return { id: applicationId }
  }
}
