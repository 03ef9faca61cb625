/** Times each query with its index, without it, and with no secondary index at all, and prints them as ratios. */
import type { ClientBase } from 'pg';
import { connect } from '../../services/postgres/client/connect.ts';
import { hideIndexes } from './hide-indexes.ts';
import { usesIndex } from './plan-uses.ts';
import { type Query, queries } from './queries.ts';
import { medianMs } from './time-runs.ts';

const slowRuns = 3;

/** @returns what is wrong whatever the machine: an index that is not used */
export async function compareQueries(url: string, superuser: ClientBase, scale: number): Promise<string[]> {
  const wrong: string[] = [];
  console.log(`A round trip to PostgreSQL, by select 1: ${(await timeRoundTrip(url)).toFixed(2)} ms\n`);
  console.log(
    'Medians in ms.  |  with its index   aim | without it      × | no index at all      × | specification: without → with',
  );
  for (const query of queries) {
    if (!(await usesIndex(url, superuser, query))) wrong.push(`${query.title}: ${query.index.join(', ')} is not used`);
    const quick = await time(url, query, query.runs);
    const without = await hideIndexes(superuser, query.index, () => time(url, query, slowRuns));
    const bare = await hideIndexes(superuser, [...query.index, ...query.fallbacks], () => time(url, query, slowRuns));
    const aim = scale === 1 ? String(query.aim ?? '') : '';
    const slower = [without, bare].map((ms) => `${ms.toFixed(1).padStart(10)} ${(ms / quick).toFixed(1).padStart(6)}`);
    console.log(
      `${query.title.padEnd(42)} ${quick.toFixed(2).padStart(8)} ${aim.padStart(5)} | ${slower.join(' |      ')} | ` +
        `${query.expected[0]} → ${query.expected[1]}`,
    );
  }
  return wrong;
}

/** What no query can be quicker than on this machine. */
async function timeRoundTrip(url: string): Promise<number> {
  const pool = connect(url, { name: 'bench', max: 1, statementTimeoutMs: 600_000 });
  try {
    return await medianMs(101, () => pool.query('select 1'));
  } finally {
    await pool.end();
  }
}

/** On a connection of its own, which has cached no plan, and sends statements ahead as that of the service does. */
async function time(url: string, query: Query, runs: number): Promise<number> {
  const pool = connect(url, { name: 'bench', max: 1, pipeline: true, statementTimeoutMs: 600_000 });
  try {
    return await medianMs(runs, () => query.run(pool));
  } finally {
    await pool.end();
  }
}
