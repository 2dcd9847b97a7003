// Names are filed word by word: the given name whole, letters and tone, before the family name, and that before the middle name.
import { Migration } from '@mikro-orm/migrations'

// As code points, so that no editor composes a mark with the letter before it.
const mark = (...points: readonly number[]): string => points.map((point) => `\\${point.toString(16).padStart(4, '0')}`).join('')
/** Huyền, hỏi, ngã, sắc, nặng: in the order of Vietnamese dictionaries. */
const TONES = mark(0x300, 0x309, 0x303, 0x301, 0x323)
const ALPHABET = [...'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz']
const RANKS = mark(...ALPHABET.map((_, place) => 0x61 + place))
/** Of capitals the one that small letters in byte order leave: it decomposes into nothing. */
const RANK_OF_CAPITAL_D = mark(0x61 + ALPHABET.indexOf('đ'))

const FORMER_COMPARISON = `split_part(s.sort_name, '!', 1) || '!' || replace(split_part(s.sort_name, '!', 2), '0', '') = c.name`

export class NamesInTurn20261127T2130 extends Migration {
  override up(): void {
    // Decomposed before it is made small, because byte order knows small letters of ASCII alone: else Ánh would stand before An.
    for (const [table, key] of [
      ['staff', 'schools.given_first(full_name)'],
      ['school', 'name'],
    ] as const) {
      this.addSql(`alter table schools.${table} drop column sort_name`)
      if (table === 'staff')
        this.addSql(`
create or replace function schools.vietnamese_key(t text) returns text
language sql immutable strict parallel safe
return (
  select string_agg(
    translate(normalize(translate(w.word, U&'${TONES}', ''), nfc), U&'${ALPHABET.join('')}Đ', U&'${RANKS}${RANK_OF_CAPITAL_D}')
      || '!' || translate(regexp_replace(w.word, U&'[^${TONES}]', '', 'g'), U&'${TONES}', '12345'),
    ' ' order by w.place)
  from string_to_table(lower(normalize(t, nfd) collate "C"), ' ') with ordinality as w (word, place))`)
      this.addSql(`
alter table schools.${table}
  add column sort_name text collate "C" generated always as (schools.vietnamese_key(${key})) stored`)
    }
    this.addSql(`create index staff_by_name on schools.staff (school_id, sort_name, id)`)
    this.addSql(`create index school_by_name on schools.school (sort_name, school_id)`)

    // Pupils' keys are written by the roster; no record changed, so no version rises. One school at a time, for the policies.
    this.addSql(`
do $do$
declare
  one uuid;
begin
  perform set_config('lt.application', '', true), set_config('lt.narrowed', '', true), set_config('lt.merged', 'shown', true);
  for one in
    select school_id from access.oversight
    union
    select school_id from access.school_grant
    union
    select unnest(school_ids) from access.sandbox_tenant
  loop
    perform set_config('lt.schools', array[one]::text, true);
    update schools.student s
    set sort_name = schools.vietnamese_key(schools.given_first(s.full_name))
    where s.school_id = one;
  end loop;
  perform set_config('lt.schools', '', true), set_config('lt.merged', '', true);
end
$do$`)

    // The guard of transfers compares names by their keys, which tell spellings of one tone no more apart.
    this.addSql(`
do $do$
declare
  former text := pg_get_functiondef('schools.find_claimed(uuid, jsonb)'::regprocedure);
  compared constant text := $sql$${FORMER_COMPARISON}$sql$;
begin
  if position(compared in former) = 0 then
    raise exception 'find_claimed compares names otherwise';
  end if;
  execute replace(former, compared, 's.sort_name = c.name');
end
$do$`)
  }
}
