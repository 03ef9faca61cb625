/** Holds the shape of a database against the one that the migrations make. */
import type { Check } from './check.ts';
import { lmsColumns } from './expected-schema.ts';
import type { Schema, SchemaKind } from './read-schema.ts';

type Comparison = {
  readonly kind: SchemaKind;
  readonly name: string;
  readonly advice: string;
  /** Whether what the migrations do not make is wrong too; the LMS may have tables, columns and indexes of its own. */
  readonly nothingElse?: true;
};

const comparisons: readonly Comparison[] = [
  {
    kind: 'table',
    name: 'every table is there',
    advice: 'run the migrations (cli -- migrate); a table that was dropped comes back from a backup only',
  },
  {
    kind: 'column',
    name: 'columns have their types',
    advice: 'run the migrations (cli -- migrate), then alter the column back',
  },
  {
    kind: 'enum',
    name: 'enums have their values',
    advice: 'add a missing value: alter type NAME add value; one too many is harmless until rows hold it',
  },
  {
    kind: 'index',
    name: 'indexes are there and valid',
    advice: 'drop an invalid or different one, and make it again as the migrations do: create index concurrently',
  },
  {
    kind: 'constraint',
    name: 'keys and checks are there and hold for all rows',
    advice: 'add it as the migrations do, not valid; correct the rows it refuses; alter table … validate constraint',
  },
  {
    kind: 'trigger',
    name: 'triggers are there and enabled',
    advice: 'alter table … enable trigger NAME, or make it again as the migrations do',
  },
  {
    kind: 'function',
    name: 'functions are as the migrations make them',
    advice: 'make it again with create or replace function, as the migration that names it does',
  },
  {
    kind: 'security',
    name: 'row-level security is forced where it should be',
    advice: 'alter table … enable row level security, force row level security; where it should be off, disable it',
  },
  {
    kind: 'policy',
    name: 'policies are those of the migrations and no others',
    advice: 'drop policy NAME on TABLE, and make it again as the migrations do',
    nothingElse: true,
  },
  {
    kind: 'view',
    name: 'reporting views have their columns',
    advice: 'make it again with create or replace view, as the migrations do',
  },
  {
    kind: 'role',
    name: 'roles are there and bypass nothing',
    advice:
      'alter role NAME nosuperuser nobypassrls nocreaterole; a missing one is made by the migrations (cli -- migrate)',
  },
  {
    kind: 'grant',
    name: 'grants are those of the migrations and no others',
    advice: 'revoke what is too much, grant what is missing; look at alter default privileges for where it came from',
    nothingElse: true,
  },
];

/** @param expected as the migrations make it: `expected-schema.json` */
export function schemaChecks(expected: Schema, actual: Schema): readonly Check[] {
  const ours = new Set(Object.keys(expected.table).filter((table) => !(table in lmsColumns)));
  return comparisons
    .filter(({ kind }) => Object.keys(expected[kind]).length > 0)
    .map(({ kind, name, advice, nothingElse }) => ({
      name,
      advice,
      problems: async () => [
        ...Object.entries(expected[kind]).flatMap(([item, what]) => difference(kind, item, what, expected, actual)),
        ...(nothingElse === undefined ? [] : additions(kind, ours, expected, actual)),
      ],
    }));
}

function difference(kind: SchemaKind, item: string, what: string, expected: Schema, actual: Schema): readonly string[] {
  const table = tableOf(item);
  // A missing table is told once, and not again by each of its columns.
  if (kind !== 'table' && table in expected.table && !(table in actual.table)) return [];
  const found = actual[kind][item];
  if (found === undefined) return [`${shown(item)} is missing`];
  if (same(kind, table, found, what)) return [];
  return [kind === 'function' ? `${item} is another` : `${shown(item)} is "${found}", not "${what}"`];
}

/**
 * The migrations refuse an LMS's tables whose types do not fit; an adopted `ai_dialogue_log` keeps its own limits of length
 * and defaults.
 */
function same(kind: SchemaKind, table: string, found: string, what: string): boolean {
  if (found === what) return true;
  if (kind !== 'column') return false;
  if (table in lmsColumns) return true;
  if (table !== 'ai_dialogue_log') return false;
  const family = (type: string) =>
    type
      .replace(/ (not null|default|generated).*$/, '')
      .replace(/\(.*?\)/, '')
      .replace('character varying', 'text');
  return family(found) === family(what);
}

function additions(kind: SchemaKind, ours: ReadonlySet<string>, expected: Schema, actual: Schema): readonly string[] {
  return Object.entries(actual[kind])
    .filter(([item]) => !(item in expected[kind]) && isOurs(item, ours, expected))
    .map(([item, what]) => `${shown(item)} is not of the migrations: "${what}"`);
}

/** Who may read the LMS's own tables is the LMS's to say, unless it is one of our roles. */
function isOurs(item: string, ours: ReadonlySet<string>, expected: Schema): boolean {
  const [subject = '', grantee = ''] = item.split(':');
  return ours.has(subject) || subject in expected.function || subject in expected.view || grantee in expected.role;
}

function tableOf(item: string): string {
  return item.split(':')[0] ?? item;
}

function shown(item: string): string {
  return item.replace(':', ' ');
}
