// Rules of identity: names as Vietnamese writes them, how much speaks for one pupil, and codes that cannot be mistaken.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOneApart, likeness, Lookalikes, swappedDay, type Person } from '../../../subgraphs/schools/roster/identity.ts'
import { isMinistryCode } from '../../../subgraphs/schools/roster/numbers.ts'
import { isTemporaryCode, temporaryCode } from '../../../subgraphs/schools/roster/temporary-code.ts'

const person = (change: Partial<Person> = {}): Person => ({
  code: null,
  fullName: 'Nguyễn Thị Hòa',
  sex: 'FEMALE',
  birthDate: '2020-05-04',
  personalNumber: null,
  ...change,
})

describe('a name', () => {
  const reasonOf = (a: string, b: string) =>
    likeness(person({ fullName: a }), person({ fullName: b }))?.reasons.find((reason) => reason.startsWith('NAME'))

  test.each([
    ['Nguyễn Thị Hoà', 'the tone on the other vowel'],
    ['NGUYỄN  THỊ HÒA', 'another case and spacing'],
    ['Nguyễn Thị Hòa'.normalize('NFD'), 'decomposed'],
  ])('%s equals Nguyễn Thị Hòa: %s', (name) => {
    expect(reasonOf(name, 'Nguyễn Thị Hòa')).toBe('NAME_EQUAL')
  })

  test('with other marks is like it, with Đ for D or one letter more too, and another is another', () => {
    expect(reasonOf('Nguyen Thi Hoa', 'Nguyễn Thị Hòa')).toBe('NAME_EQUAL_WITHOUT_MARKS')
    expect(reasonOf('Nguyễn Thị Hoa', 'Nguyễn Thị Hòa')).toBe('NAME_EQUAL_WITHOUT_MARKS')
    expect(reasonOf('Lê Văn Dức', 'Lê Văn Đức')).toBe('NAME_EQUAL_WITHOUT_MARKS')
    expect(reasonOf('Nguyễn Thị Hoan', 'Nguyễn Thị Hòa')).toBe('NAME_ONE_LETTER_APART')
    expect(reasonOf('Trần Thị Mai', 'Nguyễn Thị Hòa')).toBeUndefined()
  })

  test.each([
    ['abc', 'abd', true],
    ['abc', 'acb', true],
    ['abc', 'abcd', true],
    ['bc', 'abc', true],
    ['abc', 'abc', false],
    ['abc', 'cba', false],
    ['abc', 'abcde', false],
  ])('%s and %s are one apart: %s', (a, b, expected) => {
    expect([isOneApart(a, b), isOneApart(b, a)]).toEqual([expected, expected])
  })
})

describe('two records', () => {
  test('are one pupil for certain when number, name and birth date agree, and never by name and birth date alone', () => {
    const number = '038320000001'
    expect(likeness(person({ personalNumber: number }), person({ personalNumber: number }))).toMatchObject({
      score: 100,
      isCertain: true,
    })
    expect(likeness(person(), person())).toMatchObject({ score: 85, isCertain: false })
    for (const change of [{ birthDate: '2020-05-05' }, { fullName: 'Nguyễn Thị Hoa' }])
      expect(likeness(person({ personalNumber: number, ...change }), person({ personalNumber: number }))!.isCertain).toBe(false)
  })

  test('are nobody’s to look at when number or code of the Ministry say two pupils', () => {
    expect(likeness(person({ personalNumber: '038320000001' }), person({ personalNumber: '038320000002' }))).toBeNull()
    expect(likeness(person({ code: '3812345678' }), person({ code: '3887654321' }))).toBeNull()
    expect(likeness(person({ code: '3812345678' }), person({ code: '3812345687' }))!.reasons).toContain('CODE_ONE_DIGIT_APART')
    const number = { personalNumber: '038320000001' }
    expect(likeness(person({ code: '3812345678', ...number }), person({ code: '3887654321', ...number }))).toMatchObject({
      isCertain: false,
    })
  })

  test('with day and month the other way round are to be looked at', () => {
    expect(likeness(person(), person({ birthDate: '2020-04-05' }))!.reasons).toContain('BIRTH_DATE_DAY_AND_MONTH_SWAPPED')
    expect([swappedDay('2020-05-13'), swappedDay('2020-05-05')]).toEqual([null, null])
    expect(likeness(person(), person({ birthDate: '2020-09-09' }))).toBeNull()
  })

  test('weigh the same whichever comes first', () => {
    const persons = [
      person(),
      person({ code: '3812345678' }),
      person({ fullName: 'Nguyen Thi Hoa', sex: 'MALE', personalNumber: '038320000001' }),
      person({ birthDate: '2020-04-05', personalNumber: '038320000001' }),
      person({ code: temporaryCode('38', randomBytes(9)), sex: 'UNKNOWN' }),
    ]
    for (const a of persons) for (const b of persons) expect(likeness(a, b)).toEqual(likeness(b, a))
  })
})

describe('a temporary code', () => {
  const drawn = Array.from({ length: 500 }, () => temporaryCode('38', randomBytes(9)))

  test('has its form, and is never taken for one of the Ministry', () => {
    for (const code of drawn) {
      expect(code).toMatch(/^T38[0-9A-Z]{10}$/)
      expect([isTemporaryCode(code), isMinistryCode(code)]).toEqual([true, false])
    }
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  test('is refused with any one character another, and with any two neighbours swapped', () => {
    for (const code of drawn.slice(0, 40))
      for (let at = 1; at < code.length; at += 1) {
        const other = code[at] === '7' ? '8' : '7'
        expect(isTemporaryCode(code.slice(0, at) + other + code.slice(at + 1))).toBe(false)
        const swapped = code.slice(0, at) + (code[at + 1] ?? '') + code[at] + code.slice(at + 2)
        if (swapped !== code && swapped.length === code.length) expect(isTemporaryCode(swapped)).toBe(false)
      }
  })
})

test('nobody who is alike is left out of those who are compared, and few others are in', () => {
  const someone = fc.record<Person>({
    code: fc.constantFrom(null, '3600000001', '3600000002', '3600000042'),
    fullName: fc.constantFrom('Nguyễn Thị Hòa', 'Nguyễn Thị Hoà', 'Nguyen Thi Hoa', 'Nguyễn Thị Hoan', 'Trần Văn Đức'),
    sex: fc.constantFrom('FEMALE', 'MALE', 'UNKNOWN'),
    birthDate: fc.constantFrom('2020-05-04', '2020-04-05', '2020-05-14', '2019-05-04'),
    personalNumber: fc.constantFrom(null, '038320000001', '038320000002'),
  })
  let left = 0
  fc.assert(
    fc.property(someone, fc.array(someone, { maxLength: 12 }), (one, others) => {
      const people = new Lookalikes()
      for (const other of others) people.add(other)
      const compared = people.of(one)
      expect(compared).toEqual([...new Set(compared)].toSorted((a, b) => a - b))
      left += others.length - compared.length
      for (const [place, other] of others.entries())
        if (likeness(one, other)) expect([one, other, compared.includes(place)]).toEqual([one, other, true])
    }),
    { numRuns: 2_000 },
  )
  expect(left).toBeGreaterThan(0)
})
