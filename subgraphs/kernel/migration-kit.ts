// What migrations of all subgraphs share: the row-level policy of a school's table, and the tables every writer has.

/**
 * How a policy reads what the opening function has set. ONCE for a statement, in a sub-select of its own: no row parses the setting
 * anew, a list is hashed, and the planner does not take the policy and the statement's own `school_id` for two independent
 * conditions. EACH_ROW compares in place, which costs all three, and is what Citus asks for: it refuses sub-selects in policies of
 * distributed tables. Both decide alike (see 0032).
 */
export type ReadingOfSettings = 'ONCE' | 'EACH_ROW'

interface Policy {
  readonly name: string
  readonly condition: string
  /** The one table for which it reads so; without it, every other that has a policy of this name. */
  readonly table?: string
}

export function policies(reading: ReadingOfSettings): readonly Policy[] {
  const once = (expression: string): string => (reading === 'ONCE' ? `(select ${expression})` : expression)
  const list = (setting: string, type: string): string => `nullif(current_setting('${setting}', true), '')::${type}[]`
  const isIn = (setting: string, type = 'uuid'): string =>
    reading === 'ONCE' ? `in (select unnest(${list(setting, type)}))` : `= any (${list(setting, type)})`
  const isNotIn = (setting: string): string =>
    reading === 'ONCE' ? `not in (select unnest(${list(setting, 'uuid')}))` : `<> all (${list(setting, 'uuid')})`
  const isEmpty = (setting: string): string => once(`coalesce(current_setting('${setting}', true), '') = ''`)
  const cutUnless = (setting: string, kept: string): string => `${isEmpty(setting)} or school_id ${isNotIn(setting)} or ${kept}`
  const consented = `${once(`current_setting('lt.application', true) = ''`)}
        or ${once(`nullif(current_setting('lt.application', true), '')::uuid`)} = any (consented_applications)`
  const mergedAreShown = once(`coalesce(current_setting('lt.merged', true), '') = 'shown'`)
  return [
    { name: 'open_to_agreed_schools', condition: `school_id ${isIn('lt.schools')}` },
    { name: 'open_to_consented_applications', condition: consented },
    {
      // What is proposed for a record rests on consent where the record does.
      name: 'open_to_consented_applications',
      table: 'field_conflict',
      condition: `consented_applications is null or ${consented}`,
    },
    {
      name: 'within_terms_of_agreement',
      condition: cutUnless('lt.narrowed', `class_id ${isIn('lt.classes')}`),
    },
    {
      // A class is judged by itself.
      name: 'within_terms_of_agreement',
      table: 'class_room',
      condition: cutUnless('lt.narrowed', `school_id || '/' || level || '/' || school_year_id ${isIn('lt.terms', 'text')}`),
    },
    {
      // A record as it was: by the class that it was of.
      name: 'within_terms_of_agreement',
      table: 'former_version',
      condition: cutUnless(
        'lt.narrowed',
        `case
          when entity = 'ClassRoom'
            then school_id || '/' || (record ->> 'level') || '/' || (record ->> 'school_year_id') ${isIn('lt.terms', 'text')}
          when entity in ('Student', 'Enrolment', 'TeachingAssignment', 'HomeroomAssignment')
            then (record ->> 'class_id')::uuid ${isIn('lt.classes')}
          else true
        end`,
      ),
    },
    {
      name: 'within_subjects_of_teacher',
      condition: cutUnless('lt.taught', `class_id || '/' || subject_code ${isIn('lt.marks', 'text')}`),
    },
    {
      name: 'hidden_when_merged',
      condition: `merged_into is null or ${mergedAreShown}`,
    },
    {
      name: 'hidden_when_merged',
      table: 'former_version',
      condition: `entity <> 'Student' or record ->> 'merged_into' is null or ${mergedAreShown}`,
    },
    {
      // Whoever sees a part of a school is not told of the whole; of what rests on consent no application learns what others wrote.
      name: 'told_to_who_sees_the_whole',
      condition: `(${cutUnless('lt.narrowed', 'false')}) and (${isEmpty('lt.application')} or kind <> all (array['GUARDIAN', 'HEALTH_RECORD', 'CONSENT']))`,
    },
    {
      // How a product works is told to itself and to those whom the school is entrusted to: not to its rivals, not to teachers.
      name: 'told_to_itself_and_to_overseers',
      condition: `application_id = ${once(`nullif(current_setting('lt.application', true), '')::uuid`)}
        or (${isEmpty('lt.application')} and (${cutUnless('lt.narrowed', 'false')}))`,
    },
  ]
}

/** The condition of the policy on the table, `schema.table`. */
function conditionOf(policy: string, on: string): string {
  const known = policies('ONCE').filter(({ name }) => name === policy)
  return (known.find(({ table }) => table && on.endsWith(`.${table}`)) ?? known.find(({ table }) => !table))!.condition
}

/** Gives the policies of a schema that are known here the condition they have today, on every table that has one of them. */
export function rewritePolicies(schema: string, reading: ReadingOfSettings = 'ONCE'): string[] {
  const all = policies(reading)
  return all.map(({ name, table, condition }) => {
    const others = all.filter((other) => other.name === name && other.table).map((other) => `'${other.table}'`)
    const where = table ? `and tablename = '${table}'` : others.length > 0 ? `and tablename not in (${others.join(', ')})` : ''
    return `
do $do$
declare
  one record;
begin
  for one in
    select tablename, with_check
    from pg_policies
    where schemaname = '${schema}'
      and policyname = '${name}' ${where}
  loop
    execute format('alter policy ${name} on ${schema}.%I using (%s)', one.tablename, $condition$${condition}$condition$)
      || case when one.with_check is null then '' else format(' with check (%s)', $condition$${condition}$condition$) end;
  end loop;
end
$do$`
  })
}

/** Row-level security by agreement, forced for the owner too. */
export function openToAgreedSchools(table: string): string[] {
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy open_to_agreed_schools on ${table}
       using (${conditionOf('open_to_agreed_schools', table)})
       with check (${conditionOf('open_to_agreed_schools', table)})`,
  ]
}

/** Rows that rest on consent: an application sees them only where it stands among the consenting ones of the row. */
export function openToConsentedApplications(table: string): string[] {
  return [
    `create policy open_to_consented_applications on ${table} as restrictive for select
       using (${conditionOf('open_to_consented_applications', table)})`,
  ]
}

/**
 * Rows of a class: where an agreement names levels or school years, an application sees those of the classes within them alone.
 * Which schools are narrowed so, and which classes stay, the opening function has worked out (see access.open_viewer); almost
 * always none is, and the first comparison decides.
 */
export function cutToTermsOfAgreement(table: string): string[] {
  return [
    `create policy within_terms_of_agreement on ${table} as restrictive
       using (${conditionOf('within_terms_of_agreement', table)})`,
  ]
}

/** How fresh the records of a school are, told to whoever sees the school whole. */
export function toldToWhoSeesTheWhole(table: string): string[] {
  return [
    `create policy told_to_who_sees_the_whole on ${table} as restrictive for select using (${conditionOf('told_to_who_sees_the_whole', table)})`,
  ]
}

/** What a product did for a school, told to itself and to those whom the school is entrusted to. */
export function toldToItselfAndToOverseers(table: string): string[] {
  return [
    `create policy told_to_itself_and_to_overseers on ${table} as restrictive for select
       using (${conditionOf('told_to_itself_and_to_overseers', table)})`,
  ]
}

/**
 * The outbox of a subgraph: what changed, written in the transaction of the change. A reader takes rows below the
 * oldest running transaction (\`transaction\`), so that a late commit is never skipped.
 */
export function outboxTable(schema: string): string[] {
  return [
    `create table ${schema}.outbox (
       school_id uuid not null,
       id bigint generated always as identity,
       transaction xid8 not null default pg_current_xact_id(),
       occurred_at timestamptz not null,
       entity text not null,
       entity_id uuid not null,
       natural_key text not null,
       event text not null,
       version integer not null,
       application_id uuid,
       primary key (school_id, id),
       constraint outbox_event_known check (event in ('NEW', 'UPDATE', 'CANCEL'))
     )`,
    `create index outbox_in_commit_order on ${schema}.outbox (transaction, id)`,
    ...openToAgreedSchools(`${schema}.outbox`),
  ]
}

/**
 * First answers of keyed requests, kept 72 h so that a retry has one effect. Local to the subgraph, not a school's. As json and
 * not jsonb: an answer repeats words of its caller, and jsonb refuses NUL and halves of surrogate pairs, with the whole batch.
 */
export function idempotencyTable(schema: string): string[] {
  return [
    `create table ${schema}.idempotency_answer (
       caller text not null,
       key text not null,
       request_hash text not null,
       answer json not null,
       created_at timestamptz not null,
       primary key (caller, key)
     )`,
    `create index idempotency_answer_by_age on ${schema}.idempotency_answer (created_at)`,
  ]
}

/** What each record was before each accepted change, whole: `keepFormer` of `records/table.ts` fills it. */
export function formerVersionTable(schema: string): string[] {
  return [
    `create table ${schema}.former_version (
       school_id uuid not null,
       entity text not null,
       entity_id uuid not null,
       version integer not null,
       record jsonb not null,
       replaced_at timestamptz not null,
       replaced_by_application_id uuid,
       replaced_by_account_id uuid,
       primary key (school_id, entity, entity_id, version)
     )`,
    ...openToAgreedSchools(`${schema}.former_version`),
  ]
}

/** The own ids that applications have of records of these kinds: every application its own, the record belongs to none of them. */
export function externalReferenceTable(schema: string, kinds: readonly string[]): string[] {
  return [
    `create table ${schema}.external_reference (
       school_id uuid not null,
       application_id uuid not null,
       entity text not null,
       external_id text not null,
       entity_id uuid not null,
       primary key (school_id, application_id, entity, external_id),
       constraint external_reference_entity_known check (entity in (${kinds.map((kind) => `'${kind}'`).join(', ')}))
     )`,
    `create index external_reference_by_entity on ${schema}.external_reference (school_id, entity_id, application_id)`,
    ...openToAgreedSchools(`${schema}.external_reference`),
  ]
}

/**
 * A table that no school holds but that a sandbox tenant has rows of its own in: the province sees the province's, a tenant its
 * own. \`also\` is a further condition for what a developer of the province's registry owns. Nothing is looked up.
 */
export function keptApartByTenant(table: string, also?: string): string[] {
  return [
    `alter table ${table} add column tenant_id uuid`,
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy kept_apart_by_tenant on ${table}
       using (case
           when coalesce(current_setting('lt.tenants', true), '') = '' then tenant_id is null
           else tenant_id = any (current_setting('lt.tenants', true)::uuid[])
         end${also ? ` or ${also}` : ''})`,
  ]
}

/**
 * How a subgraph lets a sandbox tenant begin anew: every row of the tenant's schools goes, the given ones come, in one statement.
 * Which tables hold rows of schools, the catalog says, so that a table of a later migration is emptied too. The function runs as
 * the owner, who stands under the policies, and opens the schools of the tenant itself: a row of another school is refused by the
 * database. `p_rows` is a list of `{ table, rows }`, each table after those it refers to.
 */
export function refillOfTenant(schema: string): string[] {
  return [
    `create function published.refill_tenant_of_${schema}(p_tenant uuid, p_rows jsonb)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  kept_schools text := coalesce(current_setting('lt.schools', true), '');
  kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_tenants text := coalesce(current_setting('lt.tenants', true), '');
  opened uuid[] := access.open_tenant(p_tenant);
  known text[] := (
    select array_agg(c.relname::text)
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id'
    where c.relnamespace = '${schema}'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition);
  full_ones text[] := known;
  still_full text[];
  name text;
  filling jsonb;
  named text;
begin
  if opened is null then
    raise exception 'no such tenant' using errcode = 'no_data_found';
  end if;
  -- A table that others still refer to waits for the next round; the references have no circle.
  while cardinality(full_ones) > 0 loop
    still_full := '{}';
    foreach name in array full_ones loop
      begin
        execute format('delete from ${schema}.%I where school_id = any ($1)', name) using opened;
      exception when foreign_key_violation then
        still_full := still_full || name;
      end;
    end loop;
    if cardinality(still_full) = cardinality(full_ones) then
      raise exception 'these tables refer to each other: %', still_full;
    end if;
    full_ones := still_full;
  end loop;
  for filling in select f from jsonb_array_elements(p_rows) with ordinality as r (f, place) order by place loop
    name := filling ->> 'table';
    if name <> all (known) then
      raise exception '% holds no rows of schools', name;
    end if;
    continue when jsonb_array_length(filling -> 'rows') = 0;
    named := (select string_agg(quote_ident(k), ', ') from jsonb_object_keys(filling -> 'rows' -> 0) k);
    execute format('insert into ${schema}.%1$I (%2$s) select %2$s from jsonb_populate_recordset(null::${schema}.%1$I, $1)', name, named)
      using filling -> 'rows';
  end loop;
  execute format('set local lt.schools = %L', kept_schools);
  execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.tenants = %L', kept_tenants);
end
$$`,
    `revoke all on function published.refill_tenant_of_${schema}(uuid, jsonb) from public`,
  ]
}

/**
 * How the rows of a subgraph follow a pupil whose record is merged into another, and go back. Which tables hold rows of pupils, the
 * catalog says, so that a table of a later migration follows too. A row that the other record has already (an open line of the
 * history, a mark in the same place) stays with its own. The functions run as the owner, who stands under the policies: they reach
 * the schools that the transaction opened. They answer what they moved, and how many rows the record has now.
 */
export function followMergesIn(schema: string): string[] {
  const opened = `kept_application text := coalesce(current_setting('lt.application', true), '');
  kept_narrowed text := coalesce(current_setting('lt.narrowed', true), '');`
  const open = `execute 'set local lt.application = ''''';
  execute 'set local lt.narrowed = ''''';`
  const close = `execute format('set local lt.application = %L', kept_application);
  execute format('set local lt.narrowed = %L', kept_narrowed);`
  const head = `language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$`
  const tables = `select c.relname::text as name,
      exists (select 1 from pg_attribute g where g.attrelid = c.oid and g.attname = 'giver_id') as gives
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'student_id'
    where c.relnamespace = '${schema}'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition
    order by c.relname`
  // Who gives a consent for themselves is its giver as well.
  const giver = (from: string, to: string): string =>
    `case when one.gives then format(', giver_id = case when giver_id = %L then %L else giver_id end', ${from}, ${to}) else '' end`
  const names = [
    `published.move_pupil_in_${schema}(uuid, uuid, uuid)`,
    `published.move_pupil_back_in_${schema}(uuid, uuid, uuid, jsonb)`,
    `published.rows_of_pupil_in_${schema}(uuid, uuid)`,
  ]
  return [
    `create function published.rows_of_pupil_in_${schema}(p_school uuid, p_student uuid)
returns jsonb
${head}
declare
  ${opened}
  one record;
  total integer;
  answer jsonb := '{}';
begin
  ${open}
  for one in ${tables} loop
    execute format('select count(*) from ${schema}.%I where school_id = $1 and student_id = $2', one.name) into total using p_school, p_student;
    answer := answer || jsonb_build_object(one.name, total);
  end loop;
  ${close}
  return answer;
end
$$`,
    `create function published.move_pupil_in_${schema}(p_school uuid, p_from uuid, p_to uuid)
returns jsonb
${head}
declare
  ${opened}
  one record;
  row_id uuid;
  moved uuid[];
  answer jsonb := '{}';
begin
  ${open}
  for one in ${tables} loop
    moved := '{}';
    for row_id in execute format('select id from ${schema}.%I where school_id = $1 and student_id = $2 order by id', one.name) using p_school, p_from loop
      begin
        execute format('update ${schema}.%I set student_id = $3%s where school_id = $1 and id = $2', one.name, ${giver('p_from', 'p_to')})
          using p_school, row_id, p_to;
        moved := moved || row_id;
      exception when unique_violation then
        null;
      end;
    end loop;
    answer := answer || jsonb_build_object(one.name, to_jsonb(moved));
  end loop;
  ${close}
  return jsonb_build_object('moved', answer, 'rows', published.rows_of_pupil_in_${schema}(p_school, p_to));
end
$$`,
    `create function published.move_pupil_back_in_${schema}(p_school uuid, p_from uuid, p_to uuid, p_moved jsonb)
returns void
${head}
declare
  ${opened}
  one record;
begin
  ${open}
  for one in ${tables} loop
    continue when coalesce(jsonb_array_length(p_moved -> one.name), 0) = 0;
    execute format('update ${schema}.%I set student_id = $3%s where school_id = $1 and student_id = $2 and id = any ($4)', one.name, ${giver('p_from', 'p_to')})
      using p_school, p_from, p_to, array(select jsonb_array_elements_text(p_moved -> one.name))::uuid[];
  end loop;
  ${close}
end
$$`,
    `revoke all on function ${names.join(', ')} from public`,
  ]
}
