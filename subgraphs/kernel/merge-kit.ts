// How the rows of a subgraph follow a pupil whose record is merged into another, and go back: each rises by one and is told.

/** How the feed tells of the rows of a table. */
export interface ToldRows {
  readonly table: string
  readonly entity: string
  /** Natural key in SQL, over the row `r` and the code of its pupil, `$1`. */
  readonly key: string
}

/**
 * Replaces the functions of `followMergesIn` of migration-kit.ts. Which tables hold rows of pupils, the catalog says as before; how they are told,
 * `told` says, and a test asks for whatever has a version and is not told. A row that the other record has already stays with its
 * own and is nobody's while the merge stands: the feed has a tombstone of it, and tells of it anew when the merge is undone.
 * `former`: the table that keeps what rows were before a change, where the subgraph has one. A later migration that brings another
 * table of pupils calls this again with the longer list.
 */
export function tellMergesIn(schema: string, told: readonly ToldRows[], former?: string): string[] {
  const kept = `kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');
  told constant jsonb := '${JSON.stringify(Object.fromEntries(told.map(({ table, entity, key }) => [table, { entity, key }]))).replaceAll("'", "''")}';`
  const open = `execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';`
  const close = `execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);`
  const head = `language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$`
  const tables = `select c.relname::text as name,
      exists (select 1 from pg_attribute g where g.attrelid = c.oid and g.attname = 'giver_id') as gives,
      exists (select 1 from pg_attribute v where v.attrelid = c.oid and v.attname = 'version') as rises
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'student_id'
    where c.relnamespace = '${schema}'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition
    order by c.relname`
  // Who gives a consent for themselves is its giver as well.
  const giver = (from: string, to: string): string =>
    `case when one.gives then format(', giver_id = case when giver_id = %L then %L else giver_id end', ${from}, ${to}) else '' end`
  const rise = `case when one.rises then format(', version = version + 1, updated_at = %L', p_at) else '' end`
  const keep = (whose: string): string =>
    former === undefined
      ? ''
      : `
    if told -> one.name is not null then
      execute format('insert into ${former} (school_id, entity, entity_id, version, record, replaced_at, replaced_by_application_id, replaced_by_account_id)
        select r.school_id, %L, r.id, r.version, to_jsonb(r), $3, $4, $5 from ${schema}.%I r where r.school_id = $1 and ${whose}', told -> one.name ->> 'entity', one.name)
        using p_school, p_from, p_at, p_application, p_account, p_to, ids;
    end if;`
  const tell = (ids: string, event: string): string => `
    if told -> one.name is not null and cardinality(${ids}) > 0 then
      execute format('insert into ${schema}.outbox (school_id, occurred_at, entity, entity_id, natural_key, event, version, application_id)
        select r.school_id, $4, %L, r.id, %s, %L, r.version, $5 from ${schema}.%I r where r.school_id = $2 and r.id = any ($3) order by r.id',
        told -> one.name ->> 'entity', told -> one.name ->> 'key', '${event}', one.name)
        using p_code, p_school, ${ids}, p_at, p_application;
    end if;`
  const left = (whose: string, more: string): string => `
    if one.rises then
      execute format('with r as (update ${schema}.%I set version = version + 1, updated_at = $3 where school_id = $1 and student_id = $2${more} returning id)
        select coalesce(array_agg(id), ''{}'') from r', one.name) into stayed using p_school, ${whose}, p_at, ids;
    end if;`
  const names = [
    `published.move_pupil_in_${schema}(uuid, uuid, uuid, text, timestamptz, uuid, uuid)`,
    `published.move_pupil_back_in_${schema}(uuid, uuid, uuid, jsonb, text, timestamptz, uuid, uuid)`,
  ]
  return [
    `drop function if exists published.move_pupil_in_${schema}(uuid, uuid, uuid), published.move_pupil_back_in_${schema}(uuid, uuid, uuid, jsonb)`,
    `create or replace function published.move_pupil_in_${schema}(p_school uuid, p_from uuid, p_to uuid, p_code text, p_at timestamptz, p_application uuid,
  p_account uuid)
returns jsonb
${head}
declare
  ${kept}
  one record;
  row_id uuid;
  ids uuid[];
  stayed uuid[];
  answer jsonb := '{}';
begin
  ${open}
  for one in ${tables} loop
    ids := '{}';
    stayed := '{}';${keep('r.student_id = $2')}
    for row_id in execute format('select id from ${schema}.%I where school_id = $1 and student_id = $2 order by id', one.name) using p_school, p_from loop
      begin
        execute format('update ${schema}.%I set student_id = $3%s%s where school_id = $1 and id = $2', one.name, ${giver('p_from', 'p_to')}, ${rise})
          using p_school, row_id, p_to;
        ids := ids || row_id;
      exception when unique_violation then
        null;
      end;
    end loop;${left('p_from', '')}${tell('ids', 'UPDATE')}${tell('stayed', 'CANCEL')}
    answer := answer || jsonb_build_object(one.name, to_jsonb(ids));
  end loop;
  ${close}
  return jsonb_build_object('moved', answer, 'rows', published.rows_of_pupil_in_${schema}(p_school, p_to));
end
$$`,
    `create or replace function published.move_pupil_back_in_${schema}(p_school uuid, p_from uuid, p_to uuid, p_moved jsonb, p_code text, p_at timestamptz,
  p_application uuid, p_account uuid)
returns void
${head}
declare
  ${kept}
  one record;
  ids uuid[];
  stayed uuid[];
begin
  ${open}
  for one in ${tables} loop
    ids := array(select jsonb_array_elements_text(coalesce(p_moved -> one.name, '[]')))::uuid[];
    stayed := '{}';${keep('(r.student_id = $6 or (r.student_id = $2 and r.id = any ($7)))')}${left('p_to', ' and id <> all ($4)')}
    execute format('update ${schema}.%I set student_id = $3%s%s where school_id = $1 and student_id = $2 and id = any ($4)', one.name, ${giver('p_from', 'p_to')}, ${rise})
      using p_school, p_from, p_to, ids;${tell('ids', 'UPDATE')}${tell('stayed', 'NEW')}
  end loop;
  ${close}
end
$$`,
    `revoke all on function ${names.join(', ')} from public`,
  ]
}
