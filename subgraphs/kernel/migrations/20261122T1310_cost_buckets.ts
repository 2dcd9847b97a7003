// The budgets of applications and what is left of them, shared by all gateways.
import { Migration } from '@mikro-orm/migrations'

export class CostBuckets20261122T1310 extends Migration {
  override up(): void {
    // Written by the operator. The most particular row decides: of the party, else of everybody, else the platform's own default.
    this.addSql(`
create table access.cost_budget (
  party text,
  bucket text not null,
  operation_class text not null,
  capacity integer not null,
  restore_rate integer not null,
  reason text not null,
  decided_at timestamptz not null default now(),
  constraint cost_budget_once unique nulls not distinct (party, bucket, operation_class),
  constraint cost_budget_bucket_known check (bucket in ('PARTY', 'SCHOOL')),
  constraint cost_budget_class_known check (operation_class in ('READ', 'WRITE', 'REPORT')),
  constraint cost_budget_capacity_positive check (capacity > 0),
  constraint cost_budget_restore_rate_positive check (restore_rate > 0)
)`)

    // Unlogged: a bucket that is not there is a full one, so a crash costs one burst, and no taking waits for the disk.
    this.addSql(`
create unlogged table access.cost_bucket (
  party text not null,
  school_id uuid not null,
  operation_class text not null,
  level double precision not null,
  refilled_at timestamptz not null,
  primary key (party, school_id, operation_class)
)`)

    // Time comes from the gateway, as everywhere. It moves a bucket forward only: a gateway whose clock is behind takes no refill back,
    // and one whose clock is ahead fills a bucket by that much once.
    this.addSql(`
create function access.take_cost(p_asks jsonb, p_now timestamptz)
returns table ("position" integer, granted double precision, level double precision, capacity double precision, restore_rate double precision)
language plpgsql security definer
set search_path = pg_catalog, access, pg_temp
as $$
declare
  ask record;
  held record;
  available double precision;
begin
  for ask in
    select a."position", a.party, coalesce(a.school, '00000000-0000-0000-0000-000000000000') as school_id, a.class,
      a.returned, a.least, a.wanted,
      coalesce(own.capacity, common.capacity, a.capacity) as capacity,
      coalesce(own.restore_rate, common.restore_rate, a.restore_rate) as restore_rate
    from jsonb_to_recordset(p_asks) as a ("position" integer, party text, school uuid, class text, capacity double precision,
      restore_rate double precision, returned double precision, least double precision, wanted double precision)
    left join access.cost_budget own on own.party = a.party and own.operation_class = a.class
      and own.bucket = case when a.school is null then 'PARTY' else 'SCHOOL' end
    left join access.cost_budget common on common.party is null and common.operation_class = a.class
      and common.bucket = case when a.school is null then 'PARTY' else 'SCHOOL' end
    -- Two gateways that take for the same buckets lock them in the same order.
    order by 2, 3, 4
  loop
    insert into access.cost_bucket as b (party, school_id, operation_class, level, refilled_at)
    values (ask.party, ask.school_id, ask.class, ask.capacity, p_now)
    on conflict do nothing;

    select b.level, b.refilled_at into strict held
    from access.cost_bucket b
    where b.party = ask.party and b.school_id = ask.school_id and b.operation_class = ask.class
    for update;

    available := least(ask.capacity,
      held.level + greatest(0, extract(epoch from p_now - held.refilled_at)) * ask.restore_rate + ask.returned);
    "position" := ask."position";
    capacity := ask.capacity;
    restore_rate := ask.restore_rate;
    granted := case when available >= ask.least then greatest(0, least(available, ask.wanted)) else 0 end;
    -- A debt is worked off, but no deeper than one bucket: an operation of hours ago must not close a school for a day.
    level := greatest(available - granted, -ask.capacity);

    update access.cost_bucket b
    set level = take_cost.level, refilled_at = greatest(b.refilled_at, p_now)
    where b.party = ask.party and b.school_id = ask.school_id and b.operation_class = ask.class;
    return next;
  end loop;
end
$$`)

    this.addSql(`revoke all on access.cost_budget, access.cost_bucket from public`)
    this.addSql(`revoke all on function access.take_cost(jsonb, timestamptz) from public`)
  }
}
