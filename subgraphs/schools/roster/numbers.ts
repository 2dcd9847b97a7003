// The numbers by which persons are known: the Ministry's code and the personal number.
export type Sex = 'UNKNOWN' | 'MALE' | 'FEMALE'

export const isMinistryCode = (code: string): boolean => /^\d{10}$/.test(code)

/** The first two digits are the province that issued the code. */
export const isOfProvince = (code: string, province: string): boolean => code.startsWith(province.slice(-2))

export const isPersonalNumber = (number: string): boolean => /^\d{12}$/.test(number)

/** Digit 4 holds century and sex (0/1 male/female of the 1900s, 2/3 of the 2000s …), digits 5 and 6 the year. */
export function agreesWith(number: string, sex: Sex, birthDate: string): boolean {
  const digit = Number(number[3])
  const year = 1900 + Math.floor(digit / 2) * 100 + Number(number.slice(4, 6))
  const told: Sex = digit % 2 === 0 ? 'MALE' : 'FEMALE'
  return year === Number(birthDate.slice(0, 4)) && (sex === 'UNKNOWN' || sex === told)
}

/** A number of Vietnam as it is kept, `+84912345678`; null for what is none. Spaces, dots, hyphens and brackets are how people write it. */
export function phoneOf(text: string): string | null {
  const digits = /^(?:\+84|0084|0)([1-9]\d{8,9})$/.exec(text.normalize('NFC').replace(/[\s.()-]/gu, ''))?.[1]
  return digits === undefined ? null : `+84${digits}`
}
