// The documentation as the tests read it: every Markdown page of the repository, its code blocks, its tables, its words.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export const ROOT = new URL('../../', import.meta.url)

export const readPage = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

/** Pages that are committed or about to be; generated and foreign text is not among them. */
export const PAGES: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.md'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((path) => path !== '')
  .sort()

export interface CodeBlock {
  readonly language: string
  readonly text: string
}

export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }))
}

/** Rows of all tables, cell by cell; the lines under the heads are left out. */
export function tableRows(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line) && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

/** What stands in backticks, outside code blocks. */
export function codeWords(page: string): string[] {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word)
}

/** A cell that holds one word in backticks. */
export function wordOf(cell: string | undefined): string | undefined {
  return /^`([^`]+)`$/.exec(cell ?? '')?.[1]
}

/** The documents of the `curl -d '{"query": …}'` lines of a page. */
export function curledQueries(page: string): string[] {
  return [...page.matchAll(/-d '(\{"query":.*\})'/g)].map(([, body = '']) => (JSON.parse(body) as { query: string }).query)
}
