// Consents of guardians and pupils: who agreed that which application works with which pupil's data, for what, on which evidence.
import { Migration } from '@mikro-orm/migrations'
import { idempotencyTable, openToAgreedSchools, outboxTable } from '../../kernel/migration-kit.ts'

export class Consents20261122T1320 extends Migration {
  override up(): void {
    // One row for each pupil, giver, application and purpose: what stands now. `giver_id` is the guardian, or the pupil.
    // `withdrawn_at` stays when consent is given again: evidence older than it can never bring the consent back.
    this.addSql(`
create table identity.consent (
  school_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  given_by text not null,
  giver_id uuid not null,
  application_id uuid not null,
  purpose text not null,
  status text not null,
  evidence_kind text not null,
  evidence_reference text not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  recorded_at timestamptz not null,
  recorded_by_application_id uuid,
  recorded_by_account_id uuid,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (school_id, id),
  constraint consent_unique unique (school_id, student_id, giver_id, application_id, purpose),
  constraint consent_giver_known check (given_by in ('GUARDIAN', 'STUDENT')),
  constraint consent_of_the_student_is_the_students_own check ((given_by = 'STUDENT') = (giver_id = student_id)),
  constraint consent_purpose_known check (purpose in ('CONTACT_BOOK', 'VENDOR_EXTRA', 'HEALTH', 'MEDIA', 'RESEARCH')),
  constraint consent_status_known check (status in ('GIVEN', 'WITHDRAWN')),
  constraint consent_withdrawal_has_its_time check (status = 'GIVEN' or withdrawn_at is not null),
  constraint consent_given_after_the_last_withdrawal check (status = 'WITHDRAWN' or withdrawn_at is null or given_at > withdrawn_at),
  constraint consent_evidence_kind_known check (evidence_kind in ('SIGNED_FORM', 'ELECTRONIC_FORM', 'TEXT_MESSAGE', 'VOICE_RECORDING')),
  constraint consent_has_evidence check (evidence_reference <> '')
)`)
    this.addSql(`create index consent_by_application on identity.consent (application_id, school_id, id)`)

    // What it was, each time it changed: never altered, never deleted (roles.ts takes both rights away). Law 91/2025/QH15:
    // whoever processes must be able to prove the consent, also one that was withdrawn since.
    this.addSql(`
create table identity.consent_event (
  school_id uuid not null,
  consent_id uuid not null,
  version integer not null,
  application_id uuid not null,
  event text not null,
  at timestamptz not null,
  evidence_kind text,
  evidence_reference text,
  reason text,
  recorded_at timestamptz not null,
  recorded_by_application_id uuid,
  recorded_by_account_id uuid,
  primary key (school_id, consent_id, version),
  constraint consent_event_known check (event in ('GIVEN', 'RENEWED', 'WITHDRAWN')),
  constraint consent_event_gives_on_evidence check (event = 'WITHDRAWN' or (evidence_kind is not null and evidence_reference is not null))
)`)

    for (const table of ['identity.consent', 'identity.consent_event']) {
      for (const sql of openToAgreedSchools(table)) this.addSql(sql)
      // A family's consent to one product is no business of its rivals at the school, neither to read nor to write.
      this.addSql(`
create policy closed_to_other_applications on ${table} as restrictive
  using (current_setting('lt.application', true) = ''
    or application_id = nullif(current_setting('lt.application', true), '')::uuid)
  with check (current_setting('lt.application', true) = ''
    or application_id = nullif(current_setting('lt.application', true), '')::uuid)`)
      // The reviewer of access, as for agreements: see identity.open_review.
      this.addSql(`
create policy open_to_review on ${table} for select
  using (current_setting('lt.review', true) = 'on')`)
    }
    for (const sql of outboxTable('identity')) this.addSql(sql)
    for (const sql of idempotencyTable('identity')) this.addSql(sql)
    this.addSql(`
alter table identity.consent_event
  add constraint consent_event_of_consent foreign key (school_id, consent_id) references identity.consent (school_id, id)`)

    // What the owners of rows that rest on consent derive those rows from, in the transaction that records the consent.
    this.addSql(`
create view published.consent_in_force as
  select school_id, student_id, given_by, giver_id, application_id, purpose
  from identity.consent
  where status = 'GIVEN'`)
  }
}
