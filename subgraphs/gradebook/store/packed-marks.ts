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

interface Subject {
  readonly code: string
}

export interface MarkFacts extends Pick<Score, 'kind' | 'ordinal' | 'value' | 'remark'> {
  readonly subject: Subject
}

/** The number between two places, read where it stands: a page has three of them a mark, each a string less. */
function wholeNumber(packed: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) value = value * 10 + packed.charCodeAt(at) - 48
  return value
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

function subjectOf(code: string, subjects: Map<string, Subject>): Subject {
  let subject = subjects.get(code)
  if (!subject) subjects.set(code, (subject = { code }))
  return subject
}

function inOrder(a: MarkFacts, b: MarkFacts): number {
  if (a.subject !== b.subject) return a.subject.code < b.subject.code ? -1 : 1
  if (a.kind !== b.kind) return PLACES.get(a.kind)! - PLACES.get(b.kind)!
  return a.ordinal - b.ordinal
}

/** Sorted here: they come out of the index nearly in order, and the database would sort all pupils' marks at once by four columns. */
export function readMarks(packed: string, subjects: Map<string, Subject>): MarkFacts[] {
  const marks: MarkFacts[] = []
  for (let at = 0, end: number; at < packed.length; at = end + 1) {
    end = packed.indexOf(BETWEEN_MARKS, at)
    if (end < 0) end = packed.length
    const ordinal = packed.indexOf(BETWEEN_FACTS, at) + 1
    const said = packed.indexOf(BETWEEN_FACTS, ordinal) + 1
    const code = packed.indexOf(BETWEEN_FACTS, said) + 1
    const isNumber = isDigit(packed.charCodeAt(said))
    marks.push({
      kind: packed.slice(at, ordinal - 1) as Score['kind'],
      ordinal: wholeNumber(packed, ordinal, said - 1),
      value: isNumber ? wholeNumber(packed, said, code - 1) / 10 : null,
      remark: isNumber ? null : (packed.slice(said, code - 1) as Score['remark']),
      subject: subjectOf(packed.slice(code, end), subjects),
    })
  }
  return marks.sort(inOrder)
}
