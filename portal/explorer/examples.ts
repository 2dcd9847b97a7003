// The example operations: one file each in examples/, its first lines say for whom it is and what it needs.
import { readdir, readFile } from 'node:fs/promises'
import { PREFILLS, type ExplorerExample, type Prefill } from './session.ts'

export const EXAMPLES = new URL('./examples/', import.meta.url)

/** In this order they are offered: the number in front of the file's name. */
export async function readExamples(): Promise<ExplorerExample[]> {
  const names = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.graphql')).sort()
  return Promise.all(names.map(async (name) => parseExample(name, await readFile(new URL(name, EXAMPLES), 'utf8'))))
}

const KEYS = ['vi', 'en', 'for', 'scopes', 'prefill'] as const
const isPrefill = (word: string): word is Prefill => (PREFILLS as readonly string[]).includes(word)

export function parseExample(name: string, text: string): ExplorerExample {
  const lines = text.normalize('NFC').trimEnd().split('\n')
  const head = new Map<string, string>()
  for (const key of KEYS) {
    const prefix = `# ${key}: `
    const line = lines[head.size]
    if (!line?.startsWith(prefix)) throw new Error(`${name}: line ${head.size + 1} begins with "${prefix}"`)
    head.set(key, line.slice(prefix.length).trim())
  }
  const [titleVi = '', titleEn = '', roles = '', scopes = '', prefill = ''] = KEYS.map((key) => head.get(key))
  if (!isPrefill(prefill)) throw new Error(`${name}: prefill is one of ${PREFILLS.join(', ')}`)
  const operation = lines.slice(KEYS.length).join('\n').trim()
  const [, kind, operationName] = /^(query|mutation) (\w+)/m.exec(operation) ?? []
  if (!operationName) throw new Error(`${name}: holds one operation with a name`)
  return {
    id: name.replace(/^\d+-|\.graphql$/g, ''),
    titleVi,
    titleEn,
    roles: roles.split(' '),
    // A dash: needs none.
    scopes: scopes === '-' ? [] : scopes.split(' '),
    prefill,
    writes: kind === 'mutation',
    operationName,
    document: `# ${titleVi}\n# ${titleEn}\n${operation}\n`,
  }
}
