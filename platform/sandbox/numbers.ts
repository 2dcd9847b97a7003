// Numbers that identify or reach a person: Ministry codes, personal numbers, phones. Each is unique, and no phone can ring.
import type { Random } from './random.ts'
import type { Day, Sex } from './model.ts'
import { PROVINCE_CODE } from './units.ts'

/**
 * 054 was the landline code of Huế until 2017 and belongs to no mobile operator; libphonenumber's full tables too know no subscriber behind
 * it. The shape is that of a mobile number, but a message sent by mistake reaches nobody.
 */
export const FICTIONAL_PHONE = /^\+84540\d{6}$/

export class Numbers {
  readonly #random: Random
  readonly #province: string
  readonly #taken = new Set<string>()

  /** Registration codes in personal numbers are the province's code with a leading zero, in Thanh Hóa as elsewhere in the sandbox. */
  constructor(random: Random, province = PROVINCE_CODE) {
    this.#random = random
    this.#province = province
  }

  #unique(draw: () => string): string {
    for (;;) {
      const number = draw()
      if (this.#taken.has(number)) continue
      this.#taken.add(number)
      return number
    }
  }

  #digits(count: number): string {
    return String(this.#random.between(0, 10 ** count - 1)).padStart(count, '0')
  }

  /** Mã định danh Bộ GDĐT: 10 digits, province first; one numbering for pupils and staff. */
  ministryCode(): string {
    return this.#unique(() => this.#province + this.#digits(8))
  }

  /** Số định danh: province of registration, century and sex (0/1 in the 1900s, 2/3 in the 2000s), year, six digits. */
  personalNumber(sex: Sex, birthDate: Day): string {
    const century = Number(birthDate.slice(0, 2)) - 19
    const digit = century * 2 + (sex === 'FEMALE' ? 1 : 0)
    return this.#unique(() => `0${this.#province}${digit}${birthDate.slice(2, 4)}9${this.#digits(5)}`)
  }

  phone(): string {
    return this.#unique(() => `+84540${this.#digits(6)}`)
  }
}
