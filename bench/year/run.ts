/** PROGRAM `npm run bench -- year`: measures queries and rollups on a year of dialogues. Exits with 1 for an unused index or a failures result. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../../services/postgres/client/connect.ts';
import { compareQueries } from './compare-queries.ts';
import { compareRollups } from './compare-rollups.ts';
import { withClient } from './with-client.ts';
import { productionSettings, startLoaded } from './year-server.ts';

const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, 'data-dir': { type: 'string' } },
});
const scale = Number(values.scale);
if (!(scale > 0)) throw new Error('--scale must be a number above 0; 1 is 10,000 dialogues a day');
const kept = values['data-dir'];
const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'bench-year-'));

try {
  const server = await startLoaded(dataDir, scale, showProgress);
  const pool = connect(server.url, { name: 'bench', max: 2, statementTimeoutMs: 600_000 });
  try {
    const settings = Object.entries(productionSettings).map((setting) => setting.join(' = '));
    console.log(`A year at scale ${scale}; ${settings.join(', ')}\n`);
    const failures = await withClient(server.superuserUrl, async (superuser) => {
      console.log(await sizes(pool));
      return compareQueries(server.url, superuser, scale);
    });
    failures.push(...(await compareRollups(pool)));
    for (const line of failures) console.error(`FAIL: ${line}`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
    await server.stop();
  }
} finally {
  if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
}

async function sizes(pool: ReturnType<typeof connect>): Promise<string> {
  const { rows } = await pool.query<{ name: string; rows: number; size: string; indexes: string }>(`
    select relname as name, reltuples::bigint as rows,
      pg_size_pretty(pg_table_size(oid)) as size, pg_size_pretty(pg_indexes_size(oid)) as indexes
    from pg_class where oid in ('ai_dialogue_log'::regclass, 'provenance'::regclass) order by 1`);
  return rows.map(({ name, rows, size, indexes }) => `${name}: ${rows} rows, ${size}, indexes ${indexes}`).join('\n');
}

/** Writes to standard error, and overwrites the line on a terminal. */
function showProgress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}
