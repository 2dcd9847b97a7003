// Storage of the contact book: brandnames, plans, subscriptions, messages, and the outbox.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { envelope, instant, ofSchool, outboxEntity, schoolKey, uuids } from '../../kernel/entity-kit.ts'

const schema = 'communications'

export const BrandnameEntity = defineEntity({
  name: 'communications.Brandname',
  tableName: 'brandname',
  schema,
  properties: {
    ...schoolKey(),
    name: p.text(),
    status: p.text(),
    validFrom: p.date(),
    validTo: p.date(),
    ...envelope(),
  },
})

export const ContactBookPlanEntity = defineEntity({
  name: 'communications.ContactBookPlan',
  tableName: 'contact_book_plan',
  schema,
  properties: {
    ...schoolKey(),
    applicationId: p.uuid(),
    name: p.text(),
    feePerMonth: p.integer(),
    messagesPerMonth: p.integer(),
    usesBrandname: p.boolean(),
    validFrom: p.date(),
    validTo: p.date(),
    ...envelope(),
  },
})

export const SubscriptionEntity = defineEntity({
  name: 'communications.Subscription',
  tableName: 'subscription',
  schema,
  indexes: [{ name: 'subscription_by_plan', properties: ['plan'] }],
  properties: {
    ...schoolKey(),
    studentId: p.uuid(),
    plan: () => ofSchool(ContactBookPlanEntity, 'plan_id', 'subscription_to_plan'),
    since: p.date(),
    until: p.date().nullable(),
    ...envelope(),
  },
})

export const MessageEntity = defineEntity({
  name: 'communications.Message',
  tableName: 'message',
  schema,
  indexes: [{ name: 'message_by_time', properties: ['schoolId', 'sentAt'] }],
  properties: {
    ...schoolKey(),
    studentId: p.uuid(),
    applicationId: p.uuid(),
    category: p.text(),
    channel: p.text(),
    body: p.text(),
    sentAt: instant(),
    deliveryState: p.text(),
    guardianId: p.uuid().nullable(),
    consentedApplications: uuids().defaultRaw("'{}'"),
    ...envelope(),
  },
})

export const entities: EntitySchema[] = [
  BrandnameEntity,
  ContactBookPlanEntity,
  SubscriptionEntity,
  MessageEntity,
  outboxEntity(schema),
]
