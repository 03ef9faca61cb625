/** The schema that the migrations create, without the LMS's own parts. */
import { readFileSync } from 'node:fs';
import { type Schema, type SchemaKind, schemaKinds } from './read-schema.ts';

export const expectedSchemaFile = new URL('./expected-schema.json', import.meta.url);

/** The required columns of the LMS's tables; other columns and their grants are up to the LMS. */
export const lmsColumns: Readonly<Record<string, readonly string[]>> = {
  users: ['id', 'email', 'role'],
  materials: ['id', 'title'],
};

export type ExpectedSchema = {
  readonly schema: Schema;
  /** Statements that recreate functions and views, by name. */
  readonly definitions: Readonly<Record<string, string>>;
};

export function readExpectedSchema(): ExpectedSchema {
  return JSON.parse(readFileSync(expectedSchemaFile, 'utf8'));
}

/** @param made the schema after running the migrations on an empty database */
export function expectedOf(made: Schema): Schema {
  const kept = (kind: SchemaKind) => Object.entries(made[kind]).filter(([item]) => isExpected(kind, item, made));
  return Object.fromEntries(schemaKinds.map((kind) => [kind, Object.fromEntries(kept(kind))])) as Schema;
}

function isExpected(kind: SchemaKind, item: string, made: Schema): boolean {
  const [subject = '', part = ''] = item.split(':');
  if (subject.startsWith('pgmigrations')) return false;
  const needed = lmsColumns[subject];
  if (needed === undefined) return true;
  if (kind === 'column') return needed.includes(part);
  return kind === 'table' || (kind === 'grant' && part in made.role);
}

/** The text of the committed file. */
export function expectedSchemaText({ schema, definitions }: ExpectedSchema): string {
  return `${JSON.stringify({ generated: 'by npm run expected-schema, from migrations/', schema, definitions }, null, 2)}\n`;
}
