// HTML by template, in which every value is text unless it was made here.

class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}
export type { Html }

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

type Value = string | Html | null | readonly Html[]

function written(value: Value): string {
  if (value === null) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!)
  return value.map(({ text }) => text).join('')
}

export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.map((string, index) => string + (index < values.length ? written(values[index]!) : '')).join(''))
}
