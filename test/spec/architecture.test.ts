/** What docs/architecture.md says of today's statements, held against the files that have them. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const home = 'services/postgres/';
const section = readFileSync('docs/architecture.md', 'utf8').split("### Today's statements")[1] ?? '';
const named = new Set([...section.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file));

/** Statements over the tables that a user's rows are in. */
const overUserRows = /\b(from|join|into|update|using) (ai_dialogue_log|relevance_judging|idempotency_key)\b/;

test('every statement over the rows of users is named in docs/architecture.md with what distribution would change', () => {
  const files = globSync(`${home}**/*.ts`).filter((file) => !file.endsWith('.test.ts'));
  const statements = files.filter((file) => overUserRows.test(readFileSync(file, 'utf8')));
  expect(statements.length).toBeGreaterThan(10);
  const others = ['migrate.ts', 'dialogue-row.ts'];
  const listed = statements.map((file) => file.slice(home.length)).filter((file) => !others.includes(file));
  expect([...named].filter((file) => !others.includes(file ?? '')).sort()).toEqual(listed.sort());
});
