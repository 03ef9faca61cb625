/** PROGRAM `npm run test:slow -- volume`: runs every SQL query of the dashboards on a year of rows. Exits with 1 if one is slow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backfill } from '../../bench/year/backfill.ts';
import { planYear } from '../../bench/year/plan.ts';
import { withClient } from '../../bench/year/with-client.ts';
import { startLoaded } from '../../bench/year/year-server.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { timeQueries } from './time-queries.ts';

/** Limit per query at the volume of a whole year. */
const limitMs = 100;
/** Limit per query on few rows. */
const minLimitMs = 25;

const { values: options } = parseArgs({
  options: { scale: { type: 'string', default: '0.1' }, 'data-dir': { type: 'string' } },
});
const scale = Number(options.scale);
if (!(scale > 0)) throw new Error('--scale must be a number above 0; 1 is 10,000 dialogues a day');
const existingDir = options['data-dir'];
const dataDir = existingDir ?? mkdtempSync(join(tmpdir(), 'volume-'));
// A query of the time range grows with its rows, as would a scan of the whole table.
const limit = Math.max(minLimitMs, limitMs * Math.min(1, scale));

try {
  const server = await startLoaded(dataDir, scale, (line) => process.stderr.write(`${line}\n`));
  const pool = connect(server.url, { name: 'volume', max: 2, statementTimeoutMs: 600_000 });
  try {
    const { rows } = await pool.query('select from rag_metrics_history limit 1');
    if (rows.length === 0) await backfill(pool);
    await withClient(server.superuserUrl, (db) => db.query('vacuum (analyze)'));
    const { dialogues, contents } = planYear(scale);
    console.log(`${dialogues} dialogues with provenance, ${contents} documents; limit per query: ${limit} ms\n`);
    const slow = await timeQueries(server.superuserUrl, limit);
    for (const line of slow) console.error(`SLOW: ${line}`);
    process.exitCode = slow.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
    await server.stop();
  }
} finally {
  if (existingDir === undefined) rmSync(dataDir, { recursive: true, force: true });
}
