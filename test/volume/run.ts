/** PROGRAM `npm run test:volume`: asks every SQL target of every board of a year's rows. Exits with 1 where one is slow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backFill } from '../../bench/year/back-fill.ts';
import { planYear } from '../../bench/year/plan.ts';
import { withClient } from '../../bench/year/with-client.ts';
import { startLoaded } from '../../bench/year/year-server.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { timeBoards } from './time-boards.ts';

/** Each target, at a whole year's volume. */
const limitMs = 100;
/** What a statement may take however few rows there are. */
const leastMs = 25;

const { values: given } = parseArgs({
  options: { scale: { type: 'string', default: '0.1' }, 'data-dir': { type: 'string' } },
});
const scale = Number(given.scale);
if (!(scale > 0)) throw new Error('--scale: a number above 0; 1 is 10,000 dialogues a day');
const kept = given['data-dir'];
const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'volume-'));
// What reads rows of the time shown grows with them; so would a scan of everything.
const limit = Math.max(leastMs, limitMs * Math.min(1, scale));

try {
  const server = await startLoaded(dataDir, scale, (line) => process.stderr.write(`${line}\n`));
  const pool = connect(server.url, { name: 'volume', max: 2, statementTimeoutMs: 600_000 });
  try {
    const { rows } = await pool.query('select from rag_metrics_history limit 1');
    if (rows.length === 0) await backFill(pool);
    await withClient(server.superuserUrl, (db) => db.query('vacuum (analyze)'));
    const { dialogues, contents } = planYear(scale);
    console.log(`${dialogues} dialogues with provenance, ${contents} contents; each target within ${limit} ms\n`);
    const slow = await timeBoards(server.superuserUrl, limit);
    for (const line of slow) console.error(`SLOW: ${line}`);
    process.exitCode = slow.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
    await server.stop();
  }
} finally {
  if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
}
