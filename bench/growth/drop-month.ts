/** Takes a month of dialogues away, in the ways that each schema allows. */
import type { ClientBase } from 'pg';

type Removal = { readonly ms: number; readonly walBytes: number };

type Way = (db: ClientBase, month: { from: Date; to: Date; part: string }) => Promise<unknown>;

/** As retention does: dialogues, and their provenance rows by the key's cascade. */
export const deleteRows: Way = (db, { from, to }) =>
  db.query('delete from ai_dialogue_log where created_at >= $1 and created_at < $2', [from, to]);

/** Provenance rows first, because a month that they point into cannot be detached. */
export const detachMonth: Way = async (db, { from, to, part }) => {
  await db.query(
    `delete from provenance using ai_dialogue_log dialogue
     where dialogue.id = provenance.dialogue_id and dialogue.created_at >= $1 and dialogue.created_at < $2`,
    [from, to],
  );
  await db.query(`alter table ai_dialogue_log detach partition ${part}`);
  await db.query(`drop table ${part}`);
};

export async function measureRemoval(db: ClientBase, way: Way, month: Parameters<Way>[1]): Promise<Removal> {
  const [{ lsn }] = (await db.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn')).rows as [{ lsn: string }];
  const begun = performance.now();
  await way(db, month);
  const ms = performance.now() - begun;
  const { rows } = await db.query<{ bytes: string }>('select pg_current_wal_lsn() - $1::pg_lsn as bytes', [lsn]);
  return { ms, walBytes: Number(rows[0]?.bytes) };
}
