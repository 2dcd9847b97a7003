// The tax code of an enterprise (mã số thuế): its form, and the digit that proves the others.

const FORM = /^(\d{10})(-\d{3})?$/
/** Of the tax administration; the tenth digit makes the weighted sum whole. */
const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3]

/** Ten digits, and three more for a branch. A slip of one digit, or two that changed places, is found. */
export function isTaxCode(text: string): boolean {
  const [, digits] = FORM.exec(text) ?? []
  if (!digits) return false
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(digits[place]), 0)
  return 10 - (sum % 11) === Number(digits[9])
}
