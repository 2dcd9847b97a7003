// How many parts an SMS is sent and paid as: GSM-7 160 characters, then 153 a part; anything else UCS-2, 70, then 67.

const GSM7 = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Of the extension table: sent as an escape and a character (3GPP TS 23.038, 6.2.1.1). */
const GSM7_EXTENDED = new Set('\f^{}\\[~]|€')

interface Alphabet {
  readonly single: number
  /** A part of several carries 6 octets that say which part it is. */
  readonly several: number
  readonly unitsOf: (character: string) => number
}

const GSM7_ALPHABET: Alphabet = { single: 160, several: 153, unitsOf: (character) => (GSM7_EXTENDED.has(character) ? 2 : 1) }
const UCS2_ALPHABET: Alphabet = { single: 70, several: 67, unitsOf: (character) => character.length }

/** Parts of this text as an SMS. It is counted as it is sent, in NFC: a decomposed ế would otherwise weigh three. */
export function smsParts(body: string): number {
  const characters = [...body.normalize('NFC')]
  const fitsGsm7 = characters.every((character) => GSM7.has(character) || GSM7_EXTENDED.has(character))
  const { single, several, unitsOf } = fitsGsm7 ? GSM7_ALPHABET : UCS2_ALPHABET
  const units = characters.map(unitsOf)
  if (units.reduce((sum, unit) => sum + unit, 0) <= single) return 1
  let parts = 1
  let room = several
  for (const unit of units) {
    // An escape pair and a surrogate pair are never torn: what does not fit begins the next part.
    if (unit > room) {
      parts += 1
      room = several
    }
    room -= unit
  }
  return parts
}
