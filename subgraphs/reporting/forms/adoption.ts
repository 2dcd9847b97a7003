// The share of schools that use a kind of product, in tenths of a percent, half-up, without binary fractions.

export function percentTenths(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 2_000 + whole) / (whole * 2))
}
