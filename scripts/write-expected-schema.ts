/** PROGRAM `npm run expected-schema`: writes the shape that the migrations make, as `cli -- verify` expects it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { expectedOf, expectedSchemaFile, expectedSchemaText } from '../services/postgres/verify/expected-schema.ts';
import { readDefinitions, readSchema } from '../services/postgres/verify/read-schema.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'expected-schema-'));
const server = await startEmbedded({ dataDir, settings: { fsync: 'off' }, log: () => {} });
const pool = connect(server.url, { name: 'expected-schema' });
try {
  await migrate(server.url);
  const [schema, definitions] = [expectedOf(await readSchema(pool)), await readDefinitions(pool)];
  writeFileSync(expectedSchemaFile, expectedSchemaText({ schema, definitions }));
} finally {
  await pool.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
