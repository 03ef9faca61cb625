/** Holds the shape of a database against the one that the migrations make. */
import type { Check, Problem } from './check.ts';
import { type ExpectedSchema, lmsColumns } from './expected-schema.ts';
import type { Schema, SchemaKind } from './read-schema.ts';
import { mendSchema, missingFrom, privileges, splitItem } from './repair-schema.ts';

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
    advice: 'run the migrations; a table that they had made comes back from a backup only: pg_restore --table=NAME',
  },
  {
    kind: 'column',
    name: 'columns have their types',
    advice: 'run the migrations, then alter the column back; what was in a dropped one comes from a backup only',
  },
  {
    kind: 'enum',
    name: 'enums have their values',
    advice: 'run the migrations, then add what is missing; one too many is harmless until rows hold it',
  },
  {
    kind: 'index',
    name: 'indexes are there and valid',
    advice: 'make it again, while the table is used; a unique one once the checks of rows below find nothing twice',
  },
  {
    kind: 'constraint',
    name: 'keys and checks are there and hold for all rows',
    advice:
      'add it for new rows, correct the rows that it refuses, and run this again for the statement that validates it',
  },
  {
    kind: 'trigger',
    name: 'triggers are there and enabled',
    advice: 'find out who switched it off, and make it again',
  },
  {
    kind: 'function',
    name: 'functions are as the migrations make them',
    advice: 'find out who changed it, and make it again',
  },
  {
    kind: 'security',
    name: 'row-level security is forced where it should be',
    advice: 'find out who changed it, and set it again',
  },
  {
    kind: 'policy',
    name: 'policies are those of the migrations and no others',
    advice: 'find out who changed them, and make them again, as the owner of the tables',
    nothingElse: true,
  },
  {
    kind: 'view',
    name: 'reporting views have their columns',
    advice: 'make it again; grants on it are checked below',
  },
  {
    kind: 'role',
    name: 'roles are there and bypass nothing',
    advice:
      'let a superuser put it right; migrations grant a new role its rights, so for one that was missing run this again',
  },
  {
    kind: 'grant',
    name: 'grants are those of the migrations and no others',
    advice:
      'revoke what is too much, grant what is missing, as the owner; \\ddp in psql shows grants that come by themselves',
    nothingElse: true,
  },
];

/**
 * @param expected as the migrations make it: `expected-schema.json`
 * @param home the search path that finds the tables
 */
export function schemaChecks(expected: ExpectedSchema, actual: Schema, home: string): readonly Check[] {
  const ours = new Set(Object.keys(expected.schema.table).filter((table) => !(table in lmsColumns)));
  return comparisons
    .filter(({ kind }) => Object.keys(expected.schema[kind]).length > 0)
    .map(({ kind, name, advice, nothingElse }) => ({
      name,
      advice,
      problems: async () => [
        ...Object.keys(expected.schema[kind]).flatMap((item) => difference(kind, item, expected, actual, home)),
        ...(nothingElse === undefined ? [] : additions(kind, ours, expected, actual)),
      ],
    }));
}

function difference(
  kind: SchemaKind,
  item: string,
  expected: ExpectedSchema,
  actual: Schema,
  home: string,
): readonly Problem[] {
  const { table } = splitItem(item);
  // A missing table is told once, and not again by each of its columns.
  if (kind !== 'table' && table in expected.schema.table && !(table in actual.table)) return [];
  const [what = '', found] = [expected.schema[kind][item], actual[kind][item]];
  if (found !== undefined && same(kind, table, found, what)) return [];
  const definition = expected.definitions[item]?.replaceAll('$schema', () => home);
  const mend = mendSchema(kind, { item, expected: what, found, definition });
  return [{ what: `${shown(item)} ${told(kind, found, what)}`, mend }];
}

function told(kind: SchemaKind, found: string | undefined, what: string): string {
  if (found === undefined) return 'is missing';
  if (kind === 'function') return 'is another';
  if (kind !== 'grant') return `is "${found}", not "${what}"`;
  const [tooMuch, missing] = [
    missingFrom(privileges(what), privileges(found)),
    missingFrom(privileges(found), privileges(what)),
  ];
  return [
    ...(tooMuch.length > 0 ? [`has ${tooMuch.join(', ')}, which is not of the migrations`] : []),
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
  ].join(' and ');
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

function additions(
  kind: SchemaKind,
  ours: ReadonlySet<string>,
  expected: ExpectedSchema,
  actual: Schema,
): readonly Problem[] {
  return Object.entries(actual[kind])
    .filter(([item]) => !(item in expected.schema[kind]) && isOurs(kind, item, ours, expected.schema))
    .filter(
      ([item, found]) =>
        !(kind === 'policy' && item.startsWith('ai_dialogue_log:') && isOfOthers(found, expected.schema)),
    )
    .map(([item, found]) => ({
      what: `${shown(item)} is not of the migrations: "${found}"`,
      mend: mendSchema(kind, { item, expected: undefined, found, definition: undefined }),
    }));
}

/**
 * Who may read the LMS's own tables is the LMS's to say, unless it is one of our roles. So it is with an adopted
 * `ai_dialogue_log`, but for everybody, whom row-level security is to keep out.
 */
function isOurs(kind: SchemaKind, item: string, ours: ReadonlySet<string>, expected: Schema): boolean {
  const { table, part } = splitItem(item);
  if (table === 'ai_dialogue_log' && kind === 'grant') return part === 'public' || part in expected.role;
  return (
    ours.has(table) ||
    table in expected.function ||
    table in expected.view ||
    table.startsWith('schema ') ||
    part in expected.role
  );
}

function shown(item: string): string {
  return item.replace(':', ' ');
}

/** Whether a policy is for roles of the LMS alone: migration 0010 makes one, and the LMS may have its own. */
function isOfOthers(policy: string, expected: Schema): boolean {
  const roles = /, to (.*?)(?:, using |, check |$)/s.exec(policy)?.[1]?.split(' ') ?? ['public'];
  return roles.every((role) => role !== 'public' && role !== '$owner' && !(role in expected.role));
}
