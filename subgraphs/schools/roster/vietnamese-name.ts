// How Vietnamese names are ordered: given name first, then family and middle names, each by the Vietnamese alphabet and its tone.

const ALPHABET = 'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz'
const RANK = new Map([...ALPHABET].map((letter, index) => [letter, String.fromCharCode(0x61 + index)]))
// Order of tones in Vietnamese dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
const TONES = ['\u0300', '\u0309', '\u0303', '\u0301', '\u0323']

/**
 * A key whose plain byte order is that of a dictionary: the letters of a word, then its tone, wherever in the syllable it is written
 * (hòa, hoà).
 */
function wordKey(word: string): string {
  let letters = ''
  let tones = ''
  let lastBase = ''
  for (const character of word.normalize('NFD').toLowerCase()) {
    const tone = TONES.indexOf(character)
    if (tone >= 0) tones += tone + 1
    else if (/\p{M}/u.test(character)) {
      // ă, â, ê, ô, ơ, ư: the mark changes the letter, not its tone.
      const composed = (lastBase + character).normalize('NFC')
      letters = letters.slice(0, -1) + (RANK.get(composed) ?? letters.at(-1) ?? '')
      lastBase = composed
    } else {
      lastBase = character
      letters += RANK.get(character) ?? character
    }
  }
  return `${letters}!${tones}`
}

/**
 * `Nguyễn Thị Ánh` is filed under Ánh, then Nguyễn, then Thị. Each name is compared whole, letters and tone, before the next: a class
 * list has every Bình before the first Bính, whatever their families.
 */
export function nameSortKey(fullName: string): string {
  const words = fullName.trim().split(/\s+/u)
  const given = words.at(-1) ?? ''
  return [given, ...words.slice(0, -1)].map(wordKey).join(' ')
}
