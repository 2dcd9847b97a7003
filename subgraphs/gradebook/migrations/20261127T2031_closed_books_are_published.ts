// Which terms have closed books, for whoever would move the days of a term.
import { Migration } from '@mikro-orm/migrations'

export class ClosedBooksArePublished20261127T2031 extends Migration {
  override up(): void {
    // That a book is closed, and nothing of what stands in it. Like every view here it shows what the transaction opened.
    this.addSql(`
create view published.closed_gradebook as
  select school_id, term_id from gradebook.gradebook where state = 'CLOSED'`)
    // Asked for a province at once: closed books are found without looking at the open ones, some hundred thousand a term.
    this.addSql(`create index gradebook_closed_by_term on gradebook.gradebook (school_id, term_id) where state = 'CLOSED'`)
  }
}
