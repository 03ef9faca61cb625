/** Times each query with its index, without it, and without any secondary index, and prints the ratios. */
import type { ClientBase } from 'pg';
import { connect } from '../../services/postgres/client/connect.ts';
import { hideIndexes } from './hide-indexes.ts';
import { usesIndex } from './plan-uses.ts';
import { type Query, queries } from './queries.ts';
import { medianMs } from './time-runs.ts';

const slowRuns = 3;

/** @returns failures that do not depend on the machine's speed: indexes that are not used */
export async function compareQueries(url: string, superuser: ClientBase, scale: number): Promise<string[]> {
  const failures: string[] = [];
  console.log(`Round trip to PostgreSQL (select 1): ${(await timeRoundTrip(url)).toFixed(2)} ms\n`);
  console.log(
    'Medians in ms   |  with its index   aim | without it      × | no index at all      × | specification: without → with',
  );
  for (const query of queries) {
    if (!(await usesIndex(url, superuser, query)))
      failures.push(`${query.title}: ${query.index.join(', ')} is not used`);
    const indexed = await time(url, query, query.runs);
    const without = await hideIndexes(superuser, query.index, () => time(url, query, slowRuns));
    const bare = await hideIndexes(superuser, [...query.index, ...query.fallbacks], () => time(url, query, slowRuns));
    const aim = scale === 1 ? String(query.aim ?? '') : '';
    const slower = [without, bare].map(
      (ms) => `${ms.toFixed(1).padStart(10)} ${(ms / indexed).toFixed(1).padStart(6)}`,
    );
    console.log(
      `${query.title.padEnd(42)} ${indexed.toFixed(2).padStart(8)} ${aim.padStart(5)} | ${slower.join(' |      ')} | ` +
        `${query.expected[0]} → ${query.expected[1]}`,
    );
  }
  return failures;
}

/** The lower bound of a query's time on this machine. */
async function timeRoundTrip(url: string): Promise<number> {
  const pool = connect(url, { name: 'bench', max: 1, statementTimeoutMs: 600_000 });
  try {
    return await medianMs(101, () => pool.query('select 1'));
  } finally {
    await pool.end();
  }
}

/** Uses a new connection without cached plans, with pipelining like the service. */
async function time(url: string, query: Query, runs: number): Promise<number> {
  const pool = connect(url, { name: 'bench', max: 1, pipeline: true, statementTimeoutMs: 600_000 });
  try {
    return await medianMs(runs, () => query.run(pool));
  } finally {
    await pool.end();
  }
}
