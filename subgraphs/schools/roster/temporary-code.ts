// Temporary codes of new pupils who have none of the Ministry yet: T, the province, nine characters, a check character.
//
// 13 characters that begin with a letter, where a code of the Ministry has ten digits. What is drawn comes from Crockford's
// alphabet, without I, L, O and U, so that nobody reads a digit for a letter. 45 bits of chance: a province draws some ten
// thousand a year. The last character follows ISO 7064 MOD 37,2 over all before it and finds every slip of one character and
// every swap of two neighbours; MOD 37,36 was seen to miss some of the swaps.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHECKED = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const FORM = /^T\d{2}[0-9A-HJKMNP-TV-Z]{9}[0-9A-Z]$/
const DRAWN = 9

/** Undefined where the check would be the 37th character, which is no letter. */
function checkOf(text: string): string | undefined {
  const sum = [...text].reduce((before, character) => ((before + CHECKED.indexOf(character)) * 2) % 37, 0)
  return CHECKED[(38 - sum) % 37]
}

/** `chance` has nine bytes at least. */
export function temporaryCode(province: string, chance: Uint8Array): string {
  const drawn = Array.from({ length: DRAWN }, (_, index) => chance[index]! % 32)
  for (;;) {
    const text = `T${province.slice(-2).padStart(2, '0')}${drawn.map((one) => ALPHABET[one]).join('')}`
    const check = checkOf(text)
    if (check !== undefined) return text + check
    drawn[DRAWN - 1] = (drawn[DRAWN - 1]! + 1) % 32
  }
}

/** Whether it is of the form and its check character agrees; that we issued it, the store alone can say. */
export const isTemporaryCode = (code: string): boolean => FORM.test(code) && checkOf(code.slice(0, -1)) === code.at(-1)
