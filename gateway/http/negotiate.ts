// Which of the two media types of GraphQL over HTTP the caller wants to read.

export type MediaType = 'application/json' | 'application/graphql-response+json'

/** The first is the answer to whoever takes anything: old clients know no other. */
const OFFERED: readonly MediaType[] = ['application/json', 'application/graphql-response+json']

interface Range {
  readonly type: string
  readonly quality: number
  readonly position: number
}

/** RFC 9110, 12.5.1: the most specific range decides about a type, the higher quality between types. Undefined: none is wanted. */
export function negotiateMediaType(accept: string | undefined): MediaType | undefined {
  if (accept === undefined || accept.trim() === '') return 'application/json'
  const named = OFFERED.find((type) => type === accept)
  if (named) return named
  const ranges = accept.slice(0, 2_000).split(',').map(readRange)
  let best: { type: MediaType; range: Range } | undefined
  for (const type of OFFERED) {
    const range = rangeFor(type, ranges)
    if (!range || range.quality === 0) continue
    const better =
      !best ||
      range.quality > best.range.quality ||
      (range.quality === best.range.quality && range.position < best.range.position)
    if (better) best = { type, range }
  }
  return best?.type
}

function rangeFor(type: MediaType, ranges: readonly Range[]): Range | undefined {
  const named = (name: string): Range | undefined => ranges.find((range) => range.type === name)
  return named(type) ?? named('application/*') ?? named('*/*')
}

function readRange(text: string, position: number): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const readable = !charset || /^charset="?utf-?8"?$/.test(charset)
  const value = quality === undefined ? 1 : Number(quality.slice(2))
  return { type: readable ? type : '', quality: Number.isFinite(value) ? value : 0, position }
}
