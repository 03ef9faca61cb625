/** Loads a year of dialogues with all related rows, unless the directory already contains it. */
import { Client, type ClientBase } from 'pg';
import { loadDialogues } from './load-dialogues.ts';
import { loadContents, loadFailures, loadPlugins, loadUsers } from './load-related-rows.ts';
import type { Plan } from './plan.ts';
import { withoutIndexes } from './without-indexes.ts';

/** @returns the scale of the loaded year; null: there is none, or loading was interrupted */
export async function loadedScale(db: ClientBase): Promise<number | null> {
  const { rows } = await db.query<{ comment: string | null }>(
    `select obj_description('ai_dialogue_log_pkey'::regclass, 'pg_class') as comment`,
  );
  const scale = /^bench:year at scale (\S+)$/.exec(rows[0]?.comment ?? '')?.[1];
  return scale === undefined ? null : Number(scale);
}

/** @param url of a superuser, because keys and triggers are disabled: the generated rows are consistent */
export async function loadYear(url: string, plan: Plan, log: (line: string) => void): Promise<void> {
  const connections = await Promise.all(Array.from({ length: 5 }, () => open(url)));
  const [db, ...writers] = connections as [Client, ...Client[]];
  try {
    await loadUsers(db);
    await loadPlugins(db, plan);
    await loadFailures(db);
    await withoutIndexes(
      db,
      ['ai_dialogue_log', 'provenance'],
      async () => {
        await loadDialogues(plan.pieces, pairs(writers), log);
        await loadContents(db, plan);
      },
      log,
    );
    log('vacuum and analyze');
    await db.query('vacuum (freeze, analyze)');
    await db.query(`comment on index ai_dialogue_log_pkey is 'bench:year at scale ${plan.scale}'`);
    await db.query('checkpoint');
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
}

async function open(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'bench load' });
  await client.connect();
  await client.query(
    "set session_replication_role = replica; set maintenance_work_mem = '512MB'; set synchronous_commit = off",
  );
  return client;
}

function pairs<T>(all: readonly T[]): (readonly [T, T])[] {
  return all.flatMap((one, index) => (index % 2 === 0 ? [[one, all[index + 1] as T] as const] : []));
}
