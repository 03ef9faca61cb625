/** PROGRAM `npm run expected-schema`: writes the shape that the migrations make, as `cli -- verify` expects it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../connect.ts';
import { startEmbedded } from '../embedded.ts';
import { migrate } from '../migrate.ts';
import { expectedOf, expectedSchemaFile, expectedSchemaText } from './expected-schema.ts';
import { readDefinitions } from './read-definitions.ts';
import { readSchema } from './read-schema.ts';

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
