// The contact book: brandnames, plans, subscriptions and the messages that reached the parents.
import { Migration } from '@mikro-orm/migrations'
import { openToAgreedSchools, openToConsentedApplications, outboxTable } from '../../kernel/migration-kit.ts'

export class ContactBook20261122T0900 extends Migration {
  override up(): void {
    this.addSql(`
create table communications.brandname (
  school_id uuid not null,
  id uuid not null,
  name text not null,
  status text not null,
  valid_from date not null,
  valid_to date not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint brandname_form check (name ~ '^[A-Za-z0-9_. -]{1,11}$' and name !~ '^[0-9]+$'),
  constraint brandname_status_known check (status in ('PENDING', 'APPROVED', 'REVOKED'))
)`)
    this.addSql(`
create table communications.contact_book_plan (
  school_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  name text not null,
  fee_per_month integer not null,
  messages_per_month integer not null,
  uses_brandname boolean not null,
  valid_from date not null,
  valid_to date not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint contact_book_plan_fee_within_cap check (fee_per_month between 0 and 25000),
  constraint contact_book_plan_quota_at_least_six check (messages_per_month >= 6)
)`)
    this.addSql(`
create table communications.subscription (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  plan_id uuid not null,
  since date not null,
  until date,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id)
)`)
    this.addSql(
      `create unique index subscription_one_active on communications.subscription (school_id, student_id, plan_id) where until is null`,
    )
    this.addSql(`create index subscription_by_plan on communications.subscription (school_id, plan_id)`)
    this.addSql(`
create table communications.message (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  application_id uuid not null,
  category text not null,
  channel text not null,
  body text not null,
  sent_at timestamptz not null,
  delivery_state text not null,
  consented_applications uuid[] not null default '{}',
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint message_category_known check (category in ('SCORE', 'ATTENDANCE', 'HEALTH', 'ACTIVITY', 'NOTICE', 'INVITATION', 'DIRECTIVE')),
  constraint message_channel_known check (channel in ('SMS', 'OTT', 'WEB', 'EMAIL')),
  constraint message_delivery_state_known check (delivery_state in ('QUEUED', 'SENT', 'DELIVERED', 'FAILED'))
)`)
    this.addSql(`create index message_by_student on communications.message (school_id, student_id, sent_at desc, id desc)`)
    this.addSql(`create index message_by_time on communications.message (school_id, sent_at)`)
    for (const table of ['brandname', 'contact_book_plan', 'subscription', 'message'])
      for (const sql of openToAgreedSchools(`communications.${table}`)) this.addSql(sql)
    for (const sql of openToConsentedApplications('communications.message')) this.addSql(sql)
    // What a vendor offers a school, and through the join to it who subscribed, is not its rivals' business.
    this.addSql(`
create policy closed_to_other_applications on communications.contact_book_plan as restrictive for select
  using (current_setting('lt.application', true) = ''
    or application_id = nullif(current_setting('lt.application', true), '')::uuid)`)
    for (const sql of outboxTable('communications')) this.addSql(sql)
    this.addSql(
      `alter table communications.subscription add constraint subscription_to_plan foreign key (school_id, plan_id) references communications.contact_book_plan (school_id, id)`,
    )

    // What reporting may read: counts only. A row is a plan and one span of subscription, so that a report on a month that
    // has passed counts who was subscribed then; a plan nobody took has one row without a span.
    this.addSql(`
create view published.contact_book as
  select p.school_id, p.id as plan_id, p.application_id, p.name, p.fee_per_month, p.messages_per_month, p.uses_brandname,
         p.valid_from, p.valid_to, s.since, s.until, coalesce(s.subscribers, 0) as subscribers, b.brandname_from, b.brandname_to
  from communications.contact_book_plan p
  left join (
    select school_id, plan_id, since, until, count(*)::integer as subscribers
    from communications.subscription
    group by school_id, plan_id, since, until
  ) s on s.school_id = p.school_id and s.plan_id = p.id
  left join (
    select school_id, min(valid_from) as brandname_from, max(valid_to) as brandname_to
    from communications.brandname
    where status = 'APPROVED'
    group by school_id
  ) b on b.school_id = p.school_id`)
  }
}
