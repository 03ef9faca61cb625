/** PROGRAM `npm run bench -- growth`: compares one table with monthly partitions for reads, the rollup, retention and planning. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../services/embedded-postgres/server.ts';
import { connect, type Pool } from '../../services/postgres/client/connect.ts';
import { inTransaction } from '../../services/postgres/client/transaction.ts';
import { listDialogues } from '../../services/postgres/dialogues/dialogues.ts';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { quantile } from '../retrieval-metrics.ts';
import { userId } from '../year/generate-dialogues.ts';
import { medianMs } from '../year/time-runs.ts';
import { withClient } from '../year/with-client.ts';
import { deleteRows, detachMonth, measureRemoval } from './drop-month.ts';
import { makeSchema, type Schema, schemas } from './schemas.ts';

const { values } = parseArgs({
  options: { days: { type: 'string', default: '1095' }, 'per-day': { type: 'string', default: '10000' } },
});
const [days, perDay] = [Number(values.days), Number(values['per-day'])];
const people = 5_000;
const dataDir = mkdtempSync(join(tmpdir(), 'bench-growth-'));
const settings = { shared_buffers: '1GB', maintenance_work_mem: '512MB', max_wal_size: '8GB' };
const server = await startEmbedded({ dataDir, settings, log: () => {} });
try {
  await migrate(server.url);
  console.log(`${days} days of ${perDay} dialogues with their provenance rows; ms`);
  for (const schema of schemas) {
    await withClient(server.superuserUrl, (db) => makeSchema(db, schema, { days, perDay, people }));
    await measure(schema);
  }
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(schema: Schema): Promise<void> {
  const open = () =>
    connect(`${server.superuserUrl}&options=-c%20search_path%3D${schema}`, {
      name: 'bench',
      max: 1,
      statementTimeoutMs: 600_000,
    });
  const page = { userId: userId(people / 2), limit: 50, before: null };
  const history = (pool: Pool) => inTransaction(pool, (client) => listDialogues(client, page));
  const to = new Date(Date.now() - 86_400_000);
  const period = { from: new Date(to.getTime() - 86_400_000), to };

  const pool = open();
  const firsts: number[] = [];
  for (let connection = 0; connection < 9; connection += 1) {
    const fresh = open();
    await fresh.query('select 1');
    const startedAt = performance.now();
    await history(fresh);
    firsts.push(performance.now() - startedAt);
    await fresh.end();
  }
  const first = quantile(firsts, 0.5);
  const warm = await medianMs(31, () => history(pool));
  const day = await medianMs(9, () => measurePeriod(pool, period));
  await pool.end();

  const now = new Date();
  const monthStart = (back: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back));
  const back = Math.max(1, Math.floor(days / 31) - 2);
  const removal = await withClient(server.superuserUrl, async (db) => {
    await db.query(`set search_path = ${schema}, public; checkpoint`);
    const month = { from: monthStart(back), to: monthStart(back - 1), part: `dialogue_${back}` };
    return measureRemoval(db, schema === 'plain' ? deleteRows : detachMonth, month);
  });
  const cells = {
    'history, first on a connection': first,
    'history, later': warm,
    'rollup of a day': day,
    'deletion of a month': removal.ms,
  };
  console.log(`\n${schema}`);
  for (const [name, ms] of Object.entries(cells)) console.log(`  ${name.padEnd(32)} ${ms.toFixed(1).padStart(10)}`);
  console.log(`  ${'WAL of the deletion, MB'.padEnd(32)} ${(removal.walBytes / 1e6).toFixed(1).padStart(10)}`);
}
