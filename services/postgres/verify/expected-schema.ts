/** The shape that the migrations make, without what is the LMS's own. */
import { readFileSync } from 'node:fs';
import { type Schema, type SchemaKind, schemaKinds } from './read-schema.ts';

export const expectedSchemaFile = new URL('./expected-schema.json', import.meta.url);

/** What is needed of the LMS's tables; what else they hold, and who may see it, is the LMS's. */
export const lmsColumns: Readonly<Record<string, readonly string[]>> = {
  users: ['id', 'email', 'role'],
  materials: ['id', 'title'],
};

export type ExpectedSchema = {
  readonly schema: Schema;
  /** Statements that make functions and views again, by name. */
  readonly definitions: Readonly<Record<string, string>>;
};

export function readExpectedSchema(): ExpectedSchema {
  return JSON.parse(readFileSync(expectedSchemaFile, 'utf8'));
}

/** @param made by the migrations in an empty database */
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

/** As it is committed. */
export function expectedSchemaText({ schema, definitions }: ExpectedSchema): string {
  return `${JSON.stringify({ generated: 'by npm run expected-schema, from migrations/', schema, definitions }, null, 2)}\n`;
}
