/** Times each SQL target of each board, as Grafana asks it at the end of the year. */

import { existsSync, readFileSync } from 'node:fs';
import { busyDay } from '../../bench/year/plan.ts';
import { allBoards, thisHouse } from '../../dashboards/all-boards.ts';
import { startOf } from '../../services/rollup/day.ts';
import { type Asker, grafanaReader } from '../dashboards/ask-postgres.ts';
import type { Shown } from '../dashboards/expand-query.ts';
import { type BoardJson, spanOf, sqlIn, type Target } from '../dashboards/walk-board.ts';

/** The last full day has ended, a day with ten times as many questions has not begun. */
const now = startOf(busyDay);
const runs = 7;

/**
 * @param superuserUrl of a superuser, who takes the role of Grafana
 * @returns a line for each target that takes more than the limit, in milliseconds, or that fails
 */
export async function timeBoards(superuserUrl: string, limit: number): Promise<readonly string[]> {
  // In one process, whose time can be read.
  const reader = await grafanaReader(superuserUrl, ['set max_parallel_workers_per_gather = 0']);
  const slow: string[] = [];
  const asked = new Set<string>();
  try {
    for (const board of allBoards(thisHouse()).map((each) => each as unknown as BoardJson)) {
      for (const { where, target } of sqlIn(board)) {
        if (asked.has(target.rawSql ?? '')) continue;
        asked.add(target.rawSql ?? '');
        const { ms, rows } = await time(reader, board, target);
        const line = `${ms.toFixed(1).padStart(8)} ms ${String(rows).padStart(5)} rows  ${board.title}: ${where}`;
        console.log(line);
        if (ms > limit) slow.push(line.trim());
      }
    }
  } finally {
    await reader.end();
  }
  console.log(`\n${asked.size} targets`);
  return slow;
}

/**
 * The least of several runs, by the time that the server's process was on a processor: what others do on the machine is
 * not in it. Where that is not told (it is by Linux), by the clock.
 */
async function time(reader: Asker, board: BoardJson, target: Target): Promise<{ ms: number; rows: number }> {
  const shown: Shown = { from: new Date(now.getTime() - spanOf(board)), to: now, step: 3_600, rate: 3_600 };
  const then = {
    ...target,
    rawSql: (target.rawSql ?? '').replaceAll(/\bnow\(\)/g, `timestamptz '${now.toISOString()}'`),
  };
  let least = Number.POSITIVE_INFINITY;
  let rows = 0;
  for (let run = 0; run < runs; run += 1) {
    const begun = onProcessorMs(reader.pid);
    const answer = await reader.ask(board, then, shown);
    if ('error' in answer) throw new Error(`${board.title}: ${answer.error}`);
    const ended = onProcessorMs(reader.pid);
    least = Math.min(least, begun === null || ended === null ? answer.ms : ended - begun);
    rows = answer.rows.length;
  }
  return { ms: least, rows };
}

function onProcessorMs(pid: number): number | null {
  const file = `/proc/${pid}/schedstat`;
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : null;
}
