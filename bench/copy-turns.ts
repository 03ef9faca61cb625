/** Writes the rows of answered turns with COPY, the upper bound of PostgreSQL's write speed. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { from, to } from 'pg-copy-streams';
import type { AnsweredTurn } from '../services/chat/turn.ts';
import type { Pool } from '../services/postgres/client/connect.ts';
import { insertTurns } from '../services/postgres/dialogues/insert-turns.ts';

/** @returns dialogues per second of one transaction with the rows of both tables, without the time to prepare the text */
export type MeasureCopy = () => Promise<number>;

const tables = ['ai_dialogue_log', 'provenance'];

/**
 * Inserts the rows, exports them with COPY, and deletes them. The tables must be empty.
 * @param pool used for COPY only
 */
export async function prepareCopy(pool: Pool, others: Pool, turns: readonly AnsweredTurn[]): Promise<MeasureCopy> {
  await insertTurns(others, turns);
  const texts = await withoutRowSecurity(others, copyOut);
  await deleteRows();

  async function copyOut(): Promise<Buffer[]> {
    const client = await others.connect();
    try {
      const read: Buffer[] = [];
      for (const table of tables) read.push(await buffer(client.query(to(`copy ${table} to stdout`))));
      return read;
    } finally {
      client.release();
    }
  }

  async function deleteRows(): Promise<void> {
    await others.query('delete from ai_dialogue_log where id = any($1)', [turns.map(({ id }) => id)]);
  }

  return async () => {
    const seconds = await withoutRowSecurity(others, copyIn);
    await deleteRows();
    return turns.length / seconds;
  };

  async function copyIn(): Promise<number> {
    const client = await pool.connect();
    try {
      const startedAt = performance.now();
      await client.query('begin');
      for (const [index, table] of tables.entries()) {
        await pipeline(Readable.from([texts[index]]), client.query(from(`copy ${table} from stdin`)));
      }
      await client.query('commit');
      return (performance.now() - startedAt) / 1000;
    } finally {
      client.release();
    }
  }
}

/** PostgreSQL refuses COPY into a table with forced row-level security, and COPY from it includes generated columns. */
async function withoutRowSecurity<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  for (const table of tables) await pool.query(`alter table ${table} no force row level security`);
  try {
    return await work();
  } finally {
    for (const table of tables) await pool.query(`alter table ${table} force row level security`);
  }
}
