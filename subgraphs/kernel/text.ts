// Which texts of a caller reach the database, and in which form: references and ids as they are sent; names and other texts of
// records composed (NFC), trimmed, one space between words; or refused.
const TEXT_MAX = 255
const NAME_MAX = 100
const LETTER = /\p{L}/u
// PostgreSQL's text holds no NUL, no code of anything needs a control character, and half a surrogate pair is no text at all.
const CONTROL = /\p{Cc}/u

export const isStorable = (text: string): boolean => text.length <= TEXT_MAX && text.isWellFormed() && !CONTROL.test(text)

/** As much of a caller's text as an answer repeats. */
export const excerpt = (text: string): string => (text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`)

const REASON_MAX = 1_000

/** Why something is done, in 3 to 1,000 characters; null for what says nothing. */
export function cleanReason(text: string): string | null {
  if (!text.isWellFormed() || /(?!\n)\p{Cc}/u.test(text)) return null
  const clean = text.normalize('NFC').trim()
  return clean.length >= 3 && clean.length <= REASON_MAX ? clean : null
}

/** Null for a text that no store should hold: half a surrogate pair, a control character, too long. */
export function cleanText(text: string): string | null {
  if (!text.isWellFormed() || CONTROL.test(text)) return null
  const clean = text.normalize('NFC').trim().replace(/\s+/gu, ' ')
  return clean.length > TEXT_MAX ? null : clean
}

/** A name of a person or a class: not empty, with a letter or, for a class, a digit. */
export function cleanName(text: string, among: RegExp = LETTER): string | null {
  const clean = cleanText(text)
  return clean !== null && clean.length <= NAME_MAX && among.test(clean) ? clean : null
}

export const LETTER_OR_DIGIT = /[\p{L}\d]/u
