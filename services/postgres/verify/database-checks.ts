/** All checks of `cli -- verify`, from the server to single rows. */
import type { Pool } from 'pg';
import { answerChecks } from './answer-checks.ts';
import type { Check } from './check.ts';
import { contentChecks } from './content-checks.ts';
import { readExpectedSchema } from './expected-schema.ts';
import { indexUseCheck } from './index-use.ts';
import { readSchema } from './read-schema.ts';
import { schemaChecks } from './schema-checks.ts';
import { serverChecks } from './server-checks.ts';

/** @param migrations names of this version's migrations, in order */
export async function databaseChecks(pool: Pool, migrations: readonly string[]): Promise<readonly Check[]> {
  const schema = await readSchema(pool);
  const { rows } = await pool.query<{ home: string }>(
    `select string_agg(quote_ident(name), ', ') as home from unnest(current_schemas(false)) as name`,
  );
  return [
    ...serverChecks(migrations),
    ...schemaChecks(readExpectedSchema(), schema, rows[0]?.home ?? 'public'),
    indexUseCheck(schema),
    ...answerChecks,
    ...contentChecks,
  ];
}
