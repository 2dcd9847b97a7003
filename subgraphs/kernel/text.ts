// Which texts a reference or an id of a caller may be, before any of them reaches the database.
const TEXT_MAX = 255
// PostgreSQL's text holds no NUL, no code of anything needs a control character, and half a surrogate pair is no text at all.
const CONTROL = /\p{Cc}/u

export const isStorable = (text: string): boolean => text.length <= TEXT_MAX && text.isWellFormed() && !CONTROL.test(text)

/** As much of a caller's text as an answer repeats. */
export const excerpt = (text: string): string => (text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`)
