// The order of Vietnamese names, held against the collation of Unicode (CLDR, vi), and the lists of a rollover that follow it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparedName } from '../../../subgraphs/schools/roster/transfers.ts'
import { byVietnameseOrder } from '../../../subgraphs/schools/roster/rollover.ts'
import { nameSortKey } from '../../../subgraphs/schools/roster/vietnamese-name.ts'

const collator = new Intl.Collator('vi')
const ONSETS = [
  '',
  'b',
  'c',
  'd',
  'đ',
  'g',
  'gi',
  'h',
  'kh',
  'l',
  'm',
  'n',
  'ng',
  'nh',
  'ph',
  'qu',
  's',
  't',
  'th',
  'tr',
  'v',
  'x',
]
const VOWELS = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y']
const CODAS = ['', 'n', 'm', 'ng', 'nh', 't', 'c', 'p', 'i', 'o', 'u']
const TONES = ['', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323']

const syllable = fc
  .tuple(fc.constantFrom(...ONSETS), fc.constantFrom(...VOWELS), fc.constantFrom(...TONES), fc.constantFrom(...CODAS))
  .map(([onset, vowel, tone, coda]) => {
    const word = `${onset}${vowel}${tone}${coda}`.normalize('NFC')
    return word[0]!.toUpperCase() + word.slice(1)
  })
const fullName = fc.array(syllable, { minLength: 2, maxLength: 4 }).map((words) => words.join(' '))

/** Given name first, then family name, then middle names, each by the collation before the next: what a class register is sorted by. */
const filed = (name: string): string[] => {
  const words = name.split(' ')
  return [words.at(-1)!, ...words.slice(0, -1)]
}
const compare = (one: string, other: string): number => {
  const [a, b] = [filed(one), filed(other)]
  const differing = a.findIndex((word, place) => collator.compare(word, b[place] ?? '') !== 0)
  if (differing < 0) return Math.sign(a.length - b.length)
  return Math.sign(collator.compare(a[differing]!, b[differing] ?? ''))
}
const order = (a: string, b: string): number => Math.sign(Number(a > b) - Number(a < b))

test('the sort key orders each name as Unicode orders Vietnamese: letters with Đ after D, then tones huyền hỏi ngã sắc nặng', () => {
  fc.assert(
    fc.property(fullName, fullName, (a, b) => {
      expect(order(nameSortKey(a), nameSortKey(b))).toBe(compare(a, b))
    }),
    { numRuns: 3_000 },
  )
})

test('a list sorted by the keys is the list sorted by the collation, whatever order it came in', () => {
  fc.assert(
    fc.property(fc.array(fullName, { minLength: 2, maxLength: 45 }), (names) => {
      const pupils = names.map((name, index) => ({ name, sortName: nameSortKey(name), id: String(index).padStart(3, '0') }))
      const byKey = pupils.toSorted(byVietnameseOrder).map(({ name }) => name)
      const byCollation = names.toSorted(compare)
      expect(byKey).toEqual(byCollation)
    }),
    { numRuns: 300 },
  )
})

test('the tone on either vowel of its syllable is the same name', () => {
  const sorted = ['Lê Hoa', 'Lê Hoà', 'Lê Hỏa', 'Lê Hoá']
  expect(nameSortKey('Lê Hoà')).toBe(nameSortKey('Lê Hòa'))
  expect(sorted.toReversed().toSorted((a, b) => order(nameSortKey(a), nameSortKey(b)))).toEqual(sorted)
})

test('composed or not, in capitals or not, with more space or less, a name has one key', () => {
  fc.assert(
    fc.property(fullName, (name) => {
      const key = nameSortKey(name)
      for (const form of [name.normalize('NFD'), name.toUpperCase(), name.toLowerCase(), `  ${name.replaceAll(' ', '   ')} `])
        expect([nameSortKey(form), comparedName(form)]).toEqual([key, comparedName(name)])
    }),
  )
})

test('the order of given name, family name and middle name, of Đ and D, and of the six tones', () => {
  const sorted = [
    'Lê Văn An',
    'Nguyễn Thị An',
    'Nguyễn Văn An',
    'Nguyễn Thị Ánh',
    'Lê Thị Ân',
    // Every Bình before the first Bính, and among them the families, each Vu before the first Vũ.
    'Đỗ Văn Bình',
    'Vu Văn Bình',
    'Vũ Thị Bình',
    'Đỗ Văn Bính',
    'Vũ An Bính',
    'Trần Dung',
    'Trần Dũng',
    'Trần Đông',
    'Bùi Ma',
    'Bùi Mà',
    'Bùi Mả',
    'Bùi Mã',
    'Bùi Má',
    'Bùi Mạ',
  ]
  expect(sorted.toReversed().toSorted((a, b) => order(nameSortKey(a), nameSortKey(b)))).toEqual(sorted)
})
