// Which texts a reference or an id of a caller may be, before any of them reaches the database.
const TEXT_MAX = 255
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
