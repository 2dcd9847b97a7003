// Lists in Vietnamese order and search without diacritics, from stored columns: nothing is collated or folded while reading.
import { Migration } from '@mikro-orm/migrations'

// As code points, so that no editor composes a mark with the letter before it.
const mark = (...points: readonly number[]): string => points.map((point) => `\\${point.toString(16).padStart(4, '0')}`).join('')
/** Huyền, hỏi, ngã, sắc, nặng: in the order of Vietnamese dictionaries. */
const TONES = mark(0x300, 0x309, 0x303, 0x301, 0x323)
/** Of ă, of â ê ô, of ơ ư. */
const VOWEL_MARKS = mark(0x306, 0x302, 0x31b)
const FOREIGN_MARKS = mark(0x308, 0x30a, 0x30c, 0x327)
const APOSTROPHES = `''${mark(0x2019, 0x2018, 0x60)}`
/** Behind every letter, so that the syllable without a tone comes first. */
const RANKS_OF_TONES = mark(0xe001, 0xe002, 0xe003, 0xe004, 0xe005)
const ALPHABET = [...'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz']
const RANKS = mark(...ALPHABET.map((_, place) => 0x61 + place))
const CAPITALS = 'ĂÂĐÊÔƠƯ'
const RANKS_OF_CAPITALS = mark(...[...CAPITALS].map((letter) => 0x61 + ALPHABET.indexOf(letter.toLowerCase())))

export class ListsAreSearched20261127T1945 extends Migration {
  override up(): void {
    // Without diacritics and in small letters: what is typed in a search field. \`đ\` is a letter of its own and decomposes into nothing.
    // SQL-standard bodies: bound when they are made, whatever the search path of a caller.
    this.addSql(`
create function schools.plain_text(t text) returns text
language sql immutable strict parallel safe
return translate(lower(normalize(t, nfd) collate "C"), U&'đĐ-${APOSTROPHES}${TONES}${VOWEL_MARKS}${FOREIGN_MARKS}', 'dd ')`)
    // \`Nguyễn Văn An\` as \`An Nguyễn Văn\`.
    this.addSql(`
create function schools.given_first(t text) returns text
language sql immutable strict parallel safe
return regexp_replace(t collate "C", '^(.*) ([^ ]+)$', '\\2 \\1')`)
    // A key whose byte order is the Vietnamese dictionary order: letters first, tones to break ties. The order of roster/vietnamese-name.ts.
    this.addSql(`
create function schools.vietnamese_key(t text) returns text
language sql immutable strict parallel safe
return translate(
    normalize(translate(normalize(lower(t collate "C"), nfd), U&'${TONES}', ''), nfc),
    U&'${ALPHABET.join('')}${CAPITALS}', U&'${RANKS}${RANKS_OF_CAPITALS}')
  || '!' || translate(normalize(lower(t collate "C"), nfd), U&'${TONES}${VOWEL_MARKS}', U&'${RANKS_OF_TONES}')`)

    // The keys compare by bytes, whatever collation the database has.
    this.addSql(`alter table schools.student alter column sort_name type text collate "C"`)
    for (const table of ['student', 'staff'])
      this.addSql(`
alter table schools.${table}
  add column plain_name text collate "C" generated always as (schools.plain_text(full_name)) stored,
  add column plain_given_first text collate "C" generated always as (schools.given_first(schools.plain_text(full_name))) stored`)
    this.addSql(`
alter table schools.staff
  add column sort_name text collate "C" generated always as (schools.vietnamese_key(schools.given_first(full_name))) stored`)
    this.addSql(`
alter table schools.school
  add column sort_name text collate "C" generated always as (schools.vietnamese_key(name)) stored,
  add column plain_name text collate "C" generated always as (schools.plain_text(name)) stored`)

    this.addSql(`create index student_by_plain_name on schools.student (school_id, plain_name)`)
    this.addSql(`create index student_by_given_name on schools.student (school_id, plain_given_first)`)
    this.addSql(`create index student_by_change on schools.student (school_id, updated_at, id)`)
    this.addSql(`create index staff_by_name on schools.staff (school_id, sort_name, id)`)
    this.addSql(`create index staff_by_change on schools.staff (school_id, updated_at, id)`)
    this.addSql(`create index class_room_by_grade on schools.class_room (school_id, grade, name, id)`)
    this.addSql(`create index class_room_by_change on schools.class_room (school_id, updated_at, id)`)
    this.addSql(`create index school_by_name on schools.school (sort_name, school_id)`)
    this.addSql(`create index school_by_change on schools.school (updated_at, school_id)`)
  }
}
