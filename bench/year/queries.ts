/** The queries of the specification's performance table, as the service runs them, with their indexes. */

import type { Pool } from '../../services/postgres/client/connect.ts';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { createDialogueStore } from '../../services/postgres/stores/dialogue-store.ts';
import { startOf } from '../../services/rollup/day.ts';
import { people, userId } from './generate-dialogues.ts';
import { afterTheYear, busyDay, lastDay } from './plan.ts';
import { measureBySixQueries } from './six-query-day.ts';

export type Query = {
  readonly title: string;
  /** Milliseconds in the specification, without and with its index. */
  readonly expected: readonly [string, string];
  /** Target in milliseconds at full scale on two idle cores; null: a baseline. */
  readonly aim: number | null;
  /** The indexes for it; one of them must be used at any scale. */
  readonly index: readonly string[];
  /** Indexes that the planner uses otherwise. */
  readonly fallbacks: readonly string[];
  readonly runs: number;
  readonly run: (pool: Pool) => Promise<unknown>;
};

const usual = { from: startOf(lastDay), to: startOf(busyDay) };
const busy = { from: startOf(busyDay), to: afterTheYear };
const midYear = startOf('2025-07-01');
const store = (pool: Pool) =>
  createDialogueStore({ pool, auditPool: pool, now: () => afterTheYear, longestQuestionMs: 60_000 });
const history = (user: number) => (pool: Pool) => store(pool).history(userId(user), { limit: 50, before: null });
/** Looks up the cursor once, in the warm-up run. */
function historyBefore(instant: Date): (pool: Pool) => Promise<unknown> {
  let found: Promise<string> | undefined;
  return async (pool) => {
    found ??= pool
      .query<{ id: string }>(
        'select id from ai_dialogue_log where user_id = $1 and created_at >= $2 order by created_at limit 1',
        [userId(0), instant],
      )
      .then(({ rows }) => (rows[0] as { id: string }).id);
    return store(pool).history(userId(0), { limit: 50, before: await found });
  };
}

const ofHistory = {
  expected: ['500–1,000', '50–100'],
  aim: 2,
  index: ['idx_ai_dialogue_user_created'],
  fallbacks: ['idx_ai_dialogue_user', 'idx_ai_dialogue_created_at'],
  runs: 31,
} as const;
const ofDay = {
  expected: ['5,000–10,000', '1,000–2,000'],
  index: ['idx_ai_dialogue_created_at'],
  fallbacks: ['idx_ai_dialogue_user_created'],
} as const;

export const queries: readonly Query[] = [
  {
    ...ofHistory,
    title: 'history: 50 dialogues of the median user',
    // At a small scale, both indexes find the few dialogues of this user equally well.
    index: ['idx_ai_dialogue_user_created', 'idx_ai_dialogue_user'],
    fallbacks: ['idx_ai_dialogue_created_at'],
    run: history(people / 2),
  },
  { ...ofHistory, title: 'history: 50 dialogues of the heaviest user', run: history(0) },
  {
    ...ofHistory,
    title: 'the same, from the middle of the year on',
    run: historyBefore(midYear),
  },
  { ...ofDay, title: 'a day’s rollup', aim: 60, runs: 11, run: (pool) => measurePeriod(pool, usual) },
  { ...ofDay, title: 'the same, six queries', aim: null, runs: 5, run: (pool) => measureBySixQueries(pool, usual) },
  { ...ofDay, title: 'a busy day’s rollup', aim: 600, runs: 5, run: (pool) => measurePeriod(pool, busy) },
  { ...ofDay, title: 'the same, six queries', aim: null, runs: 3, run: (pool) => measureBySixQueries(pool, busy) },
  {
    title: 'content expiring in 30 days: first 100',
    expected: ['2,000–5,000', '200–500'],
    aim: 5,
    index: ['idx_provenance_expiring', 'idx_provenance_unremoved'],
    fallbacks: ['idx_provenance_retention', 'idx_provenance_listed', 'idx_provenance_current'],
    runs: 21,
    run: (pool) => store(pool).expiringContent({ days: 30, limit: 100, after: null }),
  },
  {
    title: 'active plugins',
    expected: ['100–200', '10–20'],
    aim: 1,
    index: ['idx_plugin_enabled_healthy'],
    fallbacks: ['idx_plugin_enabled', 'idx_plugin_name', 'plugin_registry_name_key'],
    runs: 51,
    run: (pool) =>
      pool.query({
        name: 'active-plugins',
        text: `select name, source, capabilities, health_status from plugin_registry
               where enabled and health_status = 'healthy' order by name`,
      }),
  },
];
