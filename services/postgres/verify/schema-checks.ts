/** Compares the schema of the database with the one that the migrations create. */
import type { Check, Problem } from './check.ts';
import { type ExpectedSchema, lmsColumns } from './expected-schema.ts';
import type { Schema, SchemaKind } from './read-schema.ts';
import { missingFrom, privileges, repairSchema, splitItem } from './repair-schema.ts';

type Comparison = {
  readonly kind: SchemaKind;
  readonly name: string;
  readonly advice: string;
  /** Whether additional items are a problem; the LMS may have tables, columns and indexes of its own. */
  readonly exclusive?: true;
};

const comparisons: readonly Comparison[] = [
  {
    kind: 'table',
    name: 'all tables exist',
    advice: 'run the migrations; restore a dropped table from a backup: pg_restore --table=NAME',
  },
  {
    kind: 'column',
    name: 'columns have the expected types',
    advice: 'run the migrations, then alter the column back; restore the contents of a dropped column from a backup',
  },
  {
    kind: 'enum',
    name: 'enums have the expected values',
    advice: 'run the migrations, then add missing values; additional values are harmless until rows use them',
  },
  {
    kind: 'index',
    name: 'indexes exist and are valid',
    advice: 'recreate it concurrently; a unique index only after the row checks below find no duplicates',
  },
  {
    kind: 'constraint',
    name: 'constraints exist and are validated',
    advice:
      'add it for new rows, correct the rows that violate it, and run this command again for the statement that validates it',
  },
  {
    kind: 'trigger',
    name: 'triggers exist and are enabled',
    advice: 'find out who disabled it, and restore it',
  },
  {
    kind: 'function',
    name: 'functions match the migrations',
    advice: 'find out who changed it, and recreate it',
  },
  {
    kind: 'security',
    name: 'row-level security is forced on the expected tables',
    advice: 'find out who changed it, and set it again',
  },
  {
    kind: 'policy',
    name: 'policies match the migrations',
    advice: 'find out who changed them, and recreate them as the owner of the tables',
    exclusive: true,
  },
  {
    kind: 'view',
    name: 'reporting views have the expected columns',
    advice: 'recreate it; its grants are checked below',
  },
  {
    kind: 'role',
    name: 'roles exist and bypass nothing',
    advice: 'repair it as a superuser; for a missing role run this command again afterwards, to list its grants',
  },
  {
    kind: 'grant',
    name: 'grants match the migrations',
    advice: 'revoke additional and grant missing privileges as the owner; \\ddp in psql shows default privileges',
    exclusive: true,
  },
];

/**
 * @param expected the contents of `expected-schema.json`
 * @param home the search path of the tables
 */
export function schemaChecks(expected: ExpectedSchema, actual: Schema, home: string): readonly Check[] {
  const ours = new Set(Object.keys(expected.schema.table).filter((table) => !(table in lmsColumns)));
  return comparisons
    .filter(({ kind }) => Object.keys(expected.schema[kind]).length > 0)
    .map(({ kind, name, advice, exclusive }) => ({
      name,
      advice,
      problems: async () => [
        ...Object.keys(expected.schema[kind]).flatMap((item) => difference(kind, item, expected, actual, home)),
        ...(exclusive === undefined ? [] : additions(kind, ours, expected, actual)),
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
  // A missing table is reported once, not again for each of its columns.
  if (kind !== 'table' && table in expected.schema.table && !(table in actual.table)) return [];
  const [what = '', found] = [expected.schema[kind][item], actual[kind][item]];
  if (found !== undefined && same(kind, table, found, what)) return [];
  const definition = expected.definitions[item]?.replaceAll('$schema', () => home);
  const repair = repairSchema(kind, { item, expected: what, found, definition });
  return [{ what: `${shown(item)} ${describe(kind, found, what)}`, repair }];
}

function describe(kind: SchemaKind, found: string | undefined, what: string): string {
  if (found === undefined) return 'is missing';
  if (kind === 'function') return 'was changed';
  if (kind !== 'grant') return `is "${found}" instead of "${what}"`;
  const [additional, missing] = [
    missingFrom(privileges(what), privileges(found)),
    missingFrom(privileges(found), privileges(what)),
  ];
  return [
    ...(additional.length > 0 ? [`has the additional privileges ${additional.join(', ')}`] : []),
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
  ].join(' and ');
}

/**
 * The migrations reject LMS tables with incompatible types; an adopted `ai_dialogue_log` keeps its own length limits
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
      what: `${shown(item)} is not part of the migrations: "${found}"`,
      repair: repairSchema(kind, { item, expected: undefined, found, definition: undefined }),
    }));
}

/**
 * The LMS decides who may read its own tables, except for our roles. The same applies to an adopted `ai_dialogue_log`,
 * except for public, which row-level security must exclude.
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
