// Names in the database and names in the code: one order, one way to leave the diacritics out.
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NamesInTurn20261127T2130 } from '../../subgraphs/schools/migrations/20261127T2130_names_in_turn.ts'
import { OWNER } from '../../platform/database/roles.ts'
import { nameSortKey } from '../../subgraphs/schools/roster/vietnamese-name.ts'
import { plainWords, searchOfName, searchOfTitle } from '../../subgraphs/schools/roster/search.ts'
import { freshDatabase, type TestDatabase } from '../testkit/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase({ province: false })
})
afterAll(() => database?.drop())

const ONSETS = ['', 'B', 'Đ', 'D', 'Ng', 'Tr', 'X']
const RHYMES = ['a', 'ă', 'â', 'e', 'ê', 'o', 'ô', 'ơ', 'u', 'ư', 'y', 'oa', 'uyê', 'ươ']
const TONES = ['', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323']
const SYLLABLES = ONSETS.flatMap((onset) =>
  RHYMES.flatMap((rhyme) => TONES.map((tone) => `${onset}${rhyme}${tone}n`.normalize('NFC'))),
)
/** Two names and three in turn, so that given names, family names and middle names are each compared. */
const NAMES = SYLLABLES.map((syllable, index) => {
  const [family, middle] = [SYLLABLES[(index * 89) % SYLLABLES.length]!, SYLLABLES[(index * 31 + 7) % SYLLABLES.length]!]
  return (index % 3 === 0 ? [family, syllable] : [family, middle, syllable]).join(' ')
})
/** As people write them: with a capital, which byte order must not file apart. */
NAMES.push(
  ...NAMES.slice(0, 200).map((name) =>
    name.replace(/(^| )(.)/gu, (_, space: string, first: string) => space + first.toUpperCase()),
  ),
)
const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

test('the database files names in the order in which the code does', async () => {
  const rows = await database.sql<{ name: string }>(
    `select name from unnest($1::text[]) name order by schools.vietnamese_key(schools.given_first(name)) collate "C", name collate "C"`,
    [NAMES],
  )
  const keys = new Map(NAMES.map((name) => [name, nameSortKey(name)]))
  const expected = [...NAMES].sort((a, b) => byBytes(keys.get(a)!, keys.get(b)!) || byBytes(a, b))
  expect(rows.map(({ name }) => name)).toEqual(expected)
})

test('what is searched and what is stored leave the diacritics out alike', async () => {
  const odd = ["H'Hen Niê", 'Y-Bhih Kbuôr', 'Nguyễn Văn An'.normalize('NFD'), 'ĐẶNG ĐÌNH ĐỨC', 'Müller Åse Çelik', 'Lò Thị 2']
  const names = [...NAMES, ...odd]
  const rows = await database.sql<{ plain: string }>(
    `select schools.plain_text(name) as plain from unnest($1::text[]) with ordinality as n (name, place) order by place`,
    [names],
  )
  expect(rows.map(({ plain }) => plain)).toEqual(names.map((name) => plainWords(name).join(' ')))
})

test.each([
  ['Nguyễn Văn An', 'an nguyen van'],
  ['An', 'an'],
  ['Lê An', 'an le'],
])('%s stands as %s', async (name, stored) => {
  const [row] = await database.sql<{ first: string }>('select schools.given_first(schools.plain_text($1)) as first', [name])
  expect(row!.first).toBe(stored)
})

test('a search is words, of which there are at most eight, and no pattern', () => {
  expect(plainWords('  Nguyễn%_\\  văn  ')).toEqual(['nguyen', 'van'])
  expect(plainWords('a b c d e f g h i k')).toHaveLength(8)
  expect(searchOfName('%%')).toBeNull()
  expect(searchOfTitle(' ')).toBeNull()
  expect(searchOfTitle('THPT Hạc')).toBe('% thpt% hac%')
  expect(searchOfName('van an')).toEqual({
    givenFrom: 'an',
    givenTo: 'an\u{10FFFF}',
    pattern: 'an% van %',
    nameFrom: 'van an',
    nameTo: 'van an\u{10FFFF}',
  })
})

test('pupils who were filed otherwise are filed anew, at every school, merged ones too, and no record is another for it', async () => {
  const province = await freshDatabase()
  const client = new Client({ connectionString: province.adminUrl })
  await client.connect()
  try {
    const stand = () =>
      province.sql<{ id: string; name: string; key: string; version: number; at: string }>(
        `select id, full_name as name, sort_name as key, version, updated_at::text as at from schools.student order by id`,
      )
    const before = await stand()
    await province.sql(`update schools.student set sort_name = 'x', merged_into = case when id = $1 then $2::uuid end`, [
      before[0]!.id,
      before[1]!.id,
    ])
    const migration = new NamesInTurn20261127T2130(undefined as never, undefined as never)
    migration.up()
    const refiling = migration
      .getQueries()
      .map(String)
      .find((sql) => sql.includes('update schools.student'))!
    await client.query(`set role ${OWNER}`)
    await client.query(refiling)
    const after = await stand()
    expect(after).toEqual(before)
    expect(after.filter(({ name, key }) => key !== nameSortKey(name))).toEqual([])
  } finally {
    await client.end()
    await province.drop()
  }
})
