// The pure rules of the roster: texts, numbers, ages, grades.
import { expect, test } from 'vitest'
import { judgeAge } from '../../../subgraphs/schools/roster/ages.ts'
import { hasGrade, nameFitsGrade } from '../../../subgraphs/schools/roster/grades.ts'
import { agreesWith, isMinistryCode, isOfProvince, isPersonalNumber } from '../../../subgraphs/schools/roster/numbers.ts'
import { cleanName, cleanText, LETTER_OR_DIGIT } from '../../../subgraphs/kernel/text.ts'

test('a name is composed, trimmed and spaced once; half a surrogate pair, a control character and no letter are refused', () => {
  expect(cleanName('  Nguye\u0302\u0303n   Văn An ')).toBe('Nguyễn Văn An')
  for (const bad of ['', '   ', '123', 'A\ud800', '\udc00A', 'A\u0000B', 'A\nB', 'a'.repeat(101)])
    expect(cleanName(bad)).toBeNull()
  expect(cleanName('10', LETTER_OR_DIGIT)).toBe('10')
  expect(cleanText('x'.repeat(256))).toBeNull()
  expect(cleanText('𠀋')).toBe('𠀋')
})

test('a personal number tells sex and birth year of its century', () => {
  expect(agreesWith('038311000001', 'FEMALE', '2011-05-04')).toBe(true)
  expect(agreesWith('038311000001', 'UNKNOWN', '2011-05-04')).toBe(true)
  expect(agreesWith('038311000001', 'MALE', '2011-05-04')).toBe(false)
  expect(agreesWith('038311000001', 'FEMALE', '2012-05-04')).toBe(false)
  expect(agreesWith('038085000001', 'MALE', '1985-01-01')).toBe(true)
  expect(agreesWith('038085000001', 'MALE', '2085-01-01')).toBe(false)
  expect([isPersonalNumber('038311000001'), isPersonalNumber('38311000001'), isPersonalNumber('03831100000x')]).toEqual([
    true,
    false,
    false,
  ])
})

test('a code has ten digits, and its first two are the province, written with two digits or three', () => {
  expect([isMinistryCode('3812345678'), isMinistryCode('381234567'), isMinistryCode('３812345678')]).toEqual([true, false, false])
  expect([isOfProvince('3812345678', '38'), isOfProvince('3812345678', '038'), isOfProvince('0112345678', '38')]).toEqual([
    true,
    true,
    false,
  ])
})

test('first-graders are six, may be late, and are never sixty', () => {
  const first = (year: number) => judgeAge(`${year}-06-01`, 1, 'TH', 2026)
  expect([2020, 2021, 2022, 2023, 2024].map(first)).toEqual(['USUAL', 'USUAL', 'UNUSUAL', 'IMPOSSIBLE', 'IMPOSSIBLE'])
  expect([2017, 2016, 2010, 2009, 1966].map(first)).toEqual(['USUAL', 'UNUSUAL', 'UNUSUAL', 'IMPOSSIBLE', 'IMPOSSIBLE'])
})

test('continuing education takes adults of any age, and no children', () => {
  expect(judgeAge('1966-01-01', 10, 'GDTX', 2026)).toBe('USUAL')
  expect(judgeAge('2016-01-01', 10, 'GDTX', 2026)).toBe('IMPOSSIBLE')
})

test('preschool grades go with preschool ages', () => {
  expect(judgeAge('2021-01-01', 18, 'MN', 2026)).toBe('USUAL')
  expect(judgeAge('2010-01-01', 18, 'MN', 2026)).toBe('IMPOSSIBLE')
})

test('each level has its grades, and the name of a class does not contradict them', () => {
  expect([hasGrade('TH', 5), hasGrade('TH', 6), hasGrade('THPT', 10), hasGrade('MN', 13), hasGrade('GDTX', 13)]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ])
  expect([nameFitsGrade('10A1', 10), nameFitsGrade('11A1', 10), nameFitsGrade('Lá 1', 18), nameFitsGrade('A1', 10)]).toEqual([
    true,
    false,
    true,
    true,
  ])
})
