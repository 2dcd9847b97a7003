// References of the contract: exactly one of the ways to name a record.
import { PlatformError } from './errors.ts'

/** The one key of the reference that is given; none or several are refused. */
export function chosen<K extends string>(ref: Readonly<Partial<Record<K, unknown>>>, keys: readonly K[]): K {
  const given = keys.filter((key) => ref[key] !== null && ref[key] !== undefined)
  if (given.length !== 1)
    throw new PlatformError('REFERENCE_INVALID', {
      message: `A reference names exactly one of ${keys.join(', ')}; ${given.length === 0 ? 'none was' : `${given.join(' and ')} were`} given.`,
      messageVi: `Tham chiếu phải nêu đúng một trong ${keys.join(', ')}.`,
    })
  return given[0]!
}
