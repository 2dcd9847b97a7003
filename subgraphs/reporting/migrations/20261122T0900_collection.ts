// Collection windows: which report is due from whom and when.
import { Migration } from '@mikro-orm/migrations'

export class Collection20261122T0900 extends Migration {
  override up(): void {
    this.addSql(`
create table reporting.collection_window (
  id uuid primary key,
  report text not null,
  school_year_code text not null,
  period text not null,
  opens_on date not null,
  due_on date not null,
  updated_at timestamptz not null,
  constraint collection_window_unique unique (report, school_year_code, period),
  constraint collection_window_period_known check (period in ('START', 'MID', 'END')),
  constraint collection_window_due_after_opening check (due_on >= opens_on)
)`)
  }
}
