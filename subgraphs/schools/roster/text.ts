// Texts of the roster as they are stored: composed (NFC), trimmed, one space between words; or refused.
const TEXT_MAX = 255
const NAME_MAX = 100
const CONTROL = /\p{Cc}/u
const LETTER = /\p{L}/u

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

/** Opaque: the old form has 8 digits, the new one Sở, commune and serial. */
export const isSchoolCode = (code: string): boolean => /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,18}[A-Za-z0-9])?$/.test(code)
