// Rules of transfers that need no database: how a name is compared, and how many claims in vain a day bears.
import { nameSortKey } from './vietnamese-name.ts'

/** Under this id the people of a school are counted, who claim through no application. */
export const NIL = '00000000-0000-0000-0000-000000000000'

/**
 * Claims of one application at one school that may be in vain on one day. A large school takes over some dozens of pupils a
 * week in September, of whom a few are mistyped; guessing birth dates to a code needs thousands.
 */
export const CLAIMS_IN_VAIN_A_DAY = 200

/** A sort key tells names apart by all but the place of the tone within its syllable, in which two spellings differ. */
export const comparedName = (fullName: string): string => nameSortKey(fullName.normalize('NFC'))
