// What the marks of a pupil say, as one text: how the statement writes them, how they are read, and in which order they stand.
//
// A class page has over a thousand marks. As rows of six columns they were a third of all that the page cost: every cell is written
// as text, sent with a length, and made a string again. A row for each pupil is a fiftieth of the messages.
import type { Score } from '../schema/types.ts'

/** Of one mark, and between marks: characters that stand in no code of a list and in none of the words that the checks allow. */
const BETWEEN_FACTS = '\u001f'
const BETWEEN_MARKS = '\u001e'

/** A mark is a number of tenths or a remark, never both and never neither (score_is_number_or_remark): the other one is left out. */
export const PACKED_MARKS = `string_agg(
    concat_ws(e'\\x1f', s.kind, s.ordinal, s.value_tenths, s.remark, s.subject_code), e'\\x1e')`

/** Of the wide rows as of the packed ones: by subject, then as marks are entered in a term. */
const KINDS: readonly string[] = ['ORAL', 'FIFTEEN_MINUTE', 'PRACTICE', 'ONE_PERIOD', 'REGULAR', 'MIDTERM', 'FINAL']
export const ORDER_OF_MARKS = `s.subject_code collate "C", array_position('{${KINDS.join(',')}}'::text[], s.kind), s.ordinal`

const PLACES: ReadonlyMap<string, number> = new Map(KINDS.map((kind, place) => [kind, place]))

export interface MarkFacts extends Pick<Score, 'kind' | 'ordinal' | 'value' | 'remark'> {
  readonly subject: { readonly code: string }
}

interface Subject {
  readonly code: string
}

const isDigit = (text: string): boolean => text.charCodeAt(0) <= 57

function markOf(packed: string, subjects: Map<string, Subject>): MarkFacts {
  const [kind, ordinal, said, code] = packed.split(BETWEEN_FACTS) as [Score['kind'], string, string, string]
  let subject = subjects.get(code)
  if (!subject) subjects.set(code, (subject = { code }))
  const isNumber = isDigit(said)
  return {
    kind,
    ordinal: Number(ordinal),
    value: isNumber ? Number(said) / 10 : null,
    remark: isNumber ? null : (said as Score['remark']),
    subject,
  }
}

function inOrder(a: MarkFacts, b: MarkFacts): number {
  if (a.subject !== b.subject) return a.subject.code < b.subject.code ? -1 : 1
  if (a.kind !== b.kind) return PLACES.get(a.kind)! - PLACES.get(b.kind)!
  return a.ordinal - b.ordinal
}

/** Sorted here: they come out of the index nearly in order, and the database would sort all pupils' marks at once by four columns. */
export function readMarks(packed: string, subjects: Map<string, Subject>): MarkFacts[] {
  return packed
    .split(BETWEEN_MARKS)
    .map((mark) => markOf(mark, subjects))
    .sort(inOrder)
}
