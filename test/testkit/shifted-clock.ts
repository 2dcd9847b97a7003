// The clock of the tests: it runs, but from a school day in November 2026, so that no agreement of the sandbox ever ends.
const START = Date.parse('2026-11-20T08:00:00+07:00')

const RealDate = Date
// A shared beginning: processes that one test starts agree on the time.
const began = Number((process.env.LT_TEST_CLOCK_BEGAN ??= String(RealDate.now())))
const shift = START - began

class ShiftedDate extends RealDate {
  constructor(...parts: []) {
    if (parts.length === 0) super(RealDate.now() + shift)
    else super(...parts)
  }

  static override now(): number {
    return RealDate.now() + shift
  }
}

if (!(globalThis.Date as { shifted?: true }).shifted)
  globalThis.Date = Object.assign(ShiftedDate, { shifted: true as const }) as unknown as DateConstructor

export {}
