/** Generates the statements that repair a part of the schema. */
import type { SchemaKind } from './read-schema.ts';

type Difference = {
  /** Named as in the schema: a table's part begins with the table and a colon. */
  readonly item: string;
  /** Undefined: the migrations do not create it. */
  readonly expected: string | undefined;
  /** Undefined: it is missing. */
  readonly found: string | undefined;
  /** The statement that creates a function or a view. */
  readonly definition: string | undefined;
};

/** @returns empty if no statement can repair it */
export function repairSchema(kind: SchemaKind, difference: Difference): readonly string[] {
  return repairs[kind](difference, splitItem(difference.item));
}

type Repair = (difference: Difference, of: { readonly table: string; readonly part: string }) => readonly string[];

const repairs: Readonly<Record<SchemaKind, Repair>> = {
  table: () => [],
  column: repairColumn,
  enum: ({ expected = '', found = '' }, { table }) => {
    const there = found.split(', ');
    const missing = expected.split(', ').filter((value) => !there.includes(value));
    return missing.map((value) => `alter type ${table} add value '${value}';`);
  },
  index: ({ expected = '', found }, { table, part }) => {
    const [, unique = '', definition = ''] = /^(UNIQUE )?(.*)$/s.exec(expected) ?? [];
    return [
      ...(found === undefined ? [] : [`drop index concurrently ${part};`]),
      `create ${unique.toLowerCase()}index concurrently ${part} on ${table} using ${definition};`,
    ];
  },
  constraint: ({ found }, { table, part }) => {
    const name = found?.replace('not validated: ', '');
    if (name !== undefined) return [`alter table ${table} validate constraint ${name};`];
    const later = /^(CHECK|FOREIGN KEY)/.test(part) ? ' not valid' : '';
    return [`alter table ${table} add ${part}${later};`];
  },
  trigger: ({ expected = '', found }, { table, part }) =>
    found === `${expected}, DISABLED`
      ? [`alter table ${table} enable trigger ${part};`]
      : [`create or replace trigger ${part} ${expected};`],
  function: ({ definition }) => (definition === undefined ? [] : [definition]),
  security: ({ expected }, { table }) => [
    expected === 'forced'
      ? `alter table ${table} enable row level security, force row level security;`
      : `alter table ${table} no force row level security, disable row level security;`,
  ],
  policy: repairPolicy,
  view: ({ definition, item, found }) =>
    definition === undefined ? [] : [...(found === undefined ? [] : [`drop view ${item};`]), definition],
  role: ({ found = '' }, { table }) => [
    ...(found === '' ? [`create role ${table} nologin;`] : []),
    ...(/superuser|bypasses|makes roles/.test(found)
      ? [`alter role ${table} nosuperuser nobypassrls nocreaterole;`]
      : []),
    ...memberships(found).map((of) => `revoke ${of} from ${table};`),
  ],
  grant: repairGrant,
};

function repairColumn({ expected = '', found }: Difference, { table, part }: { table: string; part: string }) {
  const wanted = columnOf(expected);
  if (found === undefined) return [`alter table ${table} add column ${part} ${wanted.type}${wanted.rest};`];
  const is = columnOf(found);
  if (wanted.generated || is.generated) return [];
  const change = (how: string) => `alter table ${table} alter column ${part} ${how};`;
  return [
    ...(is.type === wanted.type ? [] : [change(`type ${wanted.type}`)]),
    ...(is.fallback === wanted.fallback
      ? []
      : [change(wanted.fallback === '' ? 'drop default' : `set default ${wanted.fallback}`)]),
    ...(is.required === wanted.required ? [] : [change(wanted.required ? 'set not null' : 'drop not null')]),
  ];
}

function columnOf(what: string) {
  const [, type = '', required, how, expression = ''] =
    /^(.*?)( not null)?(?: (default|generated) (.*))?$/s.exec(what) ?? [];
  const generated = how === 'generated';
  const value = generated ? ` generated always as (${expression}) stored` : ` default ${expression}`;
  return {
    type,
    required: required !== undefined,
    generated,
    fallback: generated ? '' : expression,
    rest: `${required ?? ''}${how === undefined ? '' : value}`,
  };
}

function repairPolicy({ expected, found }: Difference, { table, part }: { table: string; part: string }) {
  const drop = found === undefined ? [] : [`drop policy ${part} on ${table};`];
  if (expected === undefined) return drop;
  const [, command, restrictive, roles = '', using, check] =
    /^(\w+)(, restrictive)?, to (.*?)(?:, using (.*?))?(?:, check (.*))?$/s.exec(expected) ?? [];
  return [
    ...drop,
    `${[
      `create policy ${part} on ${table}${restrictive === undefined ? '' : ' as restrictive'} for ${command}`,
      `to ${roles.replace('$owner', 'current_user').replaceAll(' ', ', ')}`,
      ...(using === undefined ? [] : [`using (${using})`]),
      ...(check === undefined ? [] : [`with check (${check})`]),
    ].join(' ')};`,
  ];
}

function repairGrant({ expected = '', found = '' }: Difference, { table, part }: { table: string; part: string }) {
  const [wanted, there] = [privileges(expected), privileges(found)];
  const subject = table.includes('(') ? `function ${table}` : table;
  const change = (verb: 'grant' | 'revoke', these: readonly string[]) =>
    these.length === 0
      ? []
      : [`${verb} ${these.join(', ')} on ${subject} ${verb === 'grant' ? 'to' : 'from'} ${part};`];
  return [...change('revoke', missingFrom(wanted, there)), ...change('grant', missingFrom(there, wanted))];
}

/** The items of the second list that the first one lacks. */
export function missingFrom(list: readonly string[], of: readonly string[]): readonly string[] {
  return of.filter((each) => !list.includes(each));
}

/** Splits a grant into privileges such as `SELECT (id)`. */
export function privileges(what: string): readonly string[] {
  return what === '' ? [] : what.split(', ');
}

function memberships(found: string): readonly string[] {
  return /member of (.*)$/.exec(found)?.[1]?.split(' ') ?? [];
}

/** Splits at the first colon: a function's name has none, and a part may contain more. */
export function splitItem(item: string): { readonly table: string; readonly part: string } {
  const at = item.indexOf(':');
  return at === -1 ? { table: item, part: '' } : { table: item.slice(0, at), part: item.slice(at + 1) };
}
