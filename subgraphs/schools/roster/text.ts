// What a code of the roster may be.

/** Opaque: the old form has 8 digits, the new one Sở, commune and serial. */
export const isSchoolCode = (code: string): boolean => /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,18}[A-Za-z0-9])?$/.test(code)
