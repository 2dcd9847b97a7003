// The pages for operators and newcomers say what the code does: commands, variables, start lines, links, maps of folders.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { describeStart } from '../../platform/describe-start.ts'
import { codeWords, PAGES, readPage, ROOT, tableRows, wordOf } from './documents.ts'

const root = fileURLToPath(ROOT)
const guide = readPage('docs/operator-guide.md')

interface VariableRow {
  readonly name: string
  readonly fallback: string | undefined
  readonly required: boolean
}

const variables: VariableRow[] = tableRows(guide).flatMap(([name, fallback, required]) =>
  /^`[A-Z_]+`$/.test(name ?? '') ? [{ name: wordOf(name)!, fallback: wordOf(fallback), required: required === 'required' }] : [],
)

test('the operator guide lists every variable that the configuration reads, and no other', () => {
  const [, schema = ''] = /z\.object\(\{\n([\s\S]*?)^\}\)/m.exec(readPage('platform/config.ts')) ?? []
  const read = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name)
  expect(variables.map(({ name }) => name)).toEqual(read)
})

test('a variable set to the default that the guide names changes nothing', () => {
  const defaults = variables.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback] as const]))
  expect(defaults.length).toBeGreaterThan(4)
  expect(readConfig(Object.fromEntries(defaults))).toEqual(readConfig({}))
})

test('production refuses to start without exactly the variables that the guide calls required', () => {
  const refusal = (() => {
    try {
      readConfig({ NODE_ENV: 'production' })
      return ''
    } catch (error) {
      return (error as Error).message
    }
  })()
  const demanded = variables.filter(({ name }) => refusal.includes(`  ${name}: `)).map(({ name }) => name)
  expect(demanded).toEqual(variables.filter(({ required }) => required).map(({ name }) => name))
  expect(demanded).not.toEqual([])
})

test('every npm script that the documentation names is there', () => {
  const { scripts } = JSON.parse(readPage('package.json')) as { scripts: Record<string, string> }
  const named = PAGES.flatMap((path) =>
    [...readPage(path).matchAll(/\bnpm (?:run (?:--silent )?([a-z][a-z:-]*)|(start|test)\b)/g)].map(
      ([, run, short]) => [path, run ?? short!] as const,
    ),
  )
  expect(named.filter(([, script]) => !(script in scripts))).toEqual([])
  expect(named.length).toBeGreaterThan(10)
})

test('the README prints the lines that start prints', () => {
  const start = describeStart(
    {
      publicUrl: 'http://127.0.0.1:4000',
      database: 'embedded PostgreSQL 18 in …/var/postgres',
      sandbox: {
        graphql: '',
        explorer: '',
        issuer: '',
        tokenEndpoint: '',
        authorizationEndpoint: '',
        portal: { clientId: '', redirectUri: '' },
        audience: '',
        parties: Array.from({ length: 15 }, () => PARTY),
      },
    },
    '…/var',
    0,
  )
  const expected = start.join('\n').trim().replace('(0.0 s)', '(… s)')
  expect(readPage('README.md')).toContain(expected)
})

const PARTY = { clientId: '', name: '', kind: 'APPLICATION', role: '', privateKeyFile: '', scopes: [], schools: [] } as const

test('every link of the documentation leads to a file', () => {
  const broken: string[] = []
  for (const path of PAGES)
    for (const [, target = ''] of readPage(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
      if (!/^(https?:|mailto:)/.test(target) && !existsSync(join(root, dirname(path), target))) broken.push(`${path}: ${target}`)
  expect(broken).toEqual([])
})

test('every room that the map of a folder names is there', () => {
  const missing: string[] = []
  for (const path of PAGES.filter((each) => /^[^.].*\/README\.md$/.test(each)))
    for (const row of tableRows(readPage(path).split('\n## Map')[1] ?? '')) {
      // A file may stand in the folder that its row named before: `services/viewer.ts` `registry.ts`.
      let beside = '.'
      for (const room of row.flatMap(codeWords).filter((word) => /^[\w./-]+(\.tsx?|\/)$/.test(word))) {
        const place = [room, join(beside, room)].find((candidate) => existsSync(join(root, dirname(path), candidate)))
        if (!place) missing.push(`${path}: ${room}`)
        else if (room.endsWith('/')) beside = place
        else if (room.includes('/')) beside = dirname(place)
      }
    }
  expect(missing).toEqual([])
})
