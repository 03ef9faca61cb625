/** Loads a year of dialogues with all that surrounds them, once: a directory that holds it already is left as it is. */
import { Client, type ClientBase } from 'pg';
import { loadDialogues } from './load-dialogues.ts';
import { loadContents, loadFailures, loadPlugins, loadUsers } from './load-others.ts';
import type { Plan } from './plan.ts';
import { withoutIndexes } from './without-indexes.ts';

/** @returns the scale of what is loaded; null: nothing, or half of something */
export async function loadedScale(db: ClientBase): Promise<number | null> {
  const { rows } = await db.query<{ comment: string | null }>(
    `select obj_description('ai_dialogue_log_pkey'::regclass, 'pg_class') as comment`,
  );
  const scale = /^bench:year at scale (\S+)$/.exec(rows[0]?.comment ?? '')?.[1];
  return scale === undefined ? null : Number(scale);
}

/** @param url a superuser's: keys and triggers are not checked, because the rows fit by the way they are made */
export async function loadYear(url: string, plan: Plan, tell: (line: string) => void): Promise<void> {
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
        await loadDialogues(plan.pieces, pairs(writers), tell);
        await loadContents(db, plan);
      },
      tell,
    );
    tell('vacuum and analyze');
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
