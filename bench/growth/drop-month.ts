/** Deletes a month of dialogues: by rows, or by detaching a partition. */
import type { ClientBase } from 'pg';

type Removal = { readonly ms: number; readonly walBytes: number };

type Method = (db: ClientBase, month: { from: Date; to: Date; part: string }) => Promise<unknown>;

/** Like retention: deletes dialogues, and their provenance rows through the foreign key. */
export const deleteRows: Method = (db, { from, to }) =>
  db.query('delete from ai_dialogue_log where created_at >= $1 and created_at < $2', [from, to]);

/** Deletes provenance rows first, because a referenced partition cannot be detached. */
export const detachMonth: Method = async (db, { from, to, part }) => {
  await db.query(
    `delete from provenance using ai_dialogue_log dialogue
     where dialogue.id = provenance.dialogue_id and dialogue.created_at >= $1 and dialogue.created_at < $2`,
    [from, to],
  );
  await db.query(`alter table ai_dialogue_log detach partition ${part}`);
  await db.query(`drop table ${part}`);
};

export async function measureRemoval(db: ClientBase, method: Method, month: Parameters<Method>[1]): Promise<Removal> {
  const [{ lsn }] = (await db.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn')).rows as [{ lsn: string }];
  const startedAt = performance.now();
  await method(db, month);
  const ms = performance.now() - startedAt;
  const { rows } = await db.query<{ bytes: string }>('select pg_current_wal_lsn() - $1::pg_lsn as bytes', [lsn]);
  return { ms, walBytes: Number(rows[0]?.bytes) };
}
