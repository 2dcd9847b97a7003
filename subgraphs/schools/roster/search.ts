// What a person types to find another: words without diacritics, the last of them perhaps unfinished.

/** Nothing sorts behind it, so that a prefix is a range: `an` … `an\u{10FFFF}`. */
const LAST = '\u{10FFFF}'
const WORDS_MAX = 8

/** The words as `schools.plain_text` of the database stores them; marks of a pattern (`%`, `_`) are no words. */
export function plainWords(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’‘`]/gu, '')
    .replace(/[đĐ]/gu, 'd')
    .replace(/[A-Z]/gu, (letter) => letter.toLowerCase())
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
}

export interface NameSearch {
  /** The last word begins the given name … */
  readonly givenFrom: string
  readonly givenTo: string
  /** … and the words before it stand, whole and in their order, among family and middle names. */
  readonly pattern: string
  /** Or all words together begin the full name. */
  readonly nameFrom: string
  readonly nameTo: string
}

/** Null for a text without a word, which finds nobody. */
export function searchOfName(text: string): NameSearch | null {
  const words = plainWords(text)
  const given = words.at(-1)
  if (given === undefined) return null
  const name = words.join(' ')
  return {
    givenFrom: given,
    givenTo: given + LAST,
    // Of `an  nguyen  van `: two spaces between words, so that each brings its own.
    pattern: `${given}%${words
      .slice(0, -1)
      .map((word) => ` ${word} %`)
      .join('')}`,
    nameFrom: name,
    nameTo: name + LAST,
  }
}

/** Words that begin words of a title, in their order: `thpt hac` finds `Trường THPT Hạc Thành`. Null: no word was said. */
export function searchOfTitle(text: string): string | null {
  const words = plainWords(text)
  return words.length === 0 ? null : `${words.map((word) => `% ${word}`).join('')}%`
}
