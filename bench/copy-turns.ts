/** Writes the rows of answered turns by COPY: as fast as PostgreSQL takes rows at all. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { from, to } from 'pg-copy-streams';
import type { AnsweredTurn } from '../services/chat/turn.ts';
import type { Pool } from '../services/postgres/connect.ts';
import { insertTurns } from '../services/postgres/insert-turns.ts';

/** @returns dialogues per second of one transaction with the rows of both tables. Making their text is not counted. */
export type MeasureCopy = () => Promise<number>;

const tables = ['ai_dialogue_log', 'provenance'];

/**
 * The tables must be empty: the rows are written the usual way, read out as COPY reads them, and removed.
 * @param pool copies, and does nothing else
 */
export async function prepareCopy(pool: Pool, others: Pool, turns: readonly AnsweredTurn[]): Promise<MeasureCopy> {
  await insertTurns(others, turns);
  const client = await others.connect();
  const texts: Buffer[] = [];
  for (const table of tables) texts.push(await buffer(client.query(to(`copy ${table} to stdout`))));
  client.release();
  await remove();

  async function remove(): Promise<void> {
    await others.query('delete from ai_dialogue_log where id = any($1)', [turns.map(({ id }) => id)]);
  }

  return async () => {
    const client = await pool.connect();
    const begun = performance.now();
    await client.query('begin');
    for (const [index, table] of tables.entries()) {
      await pipeline(Readable.from([texts[index]]), client.query(from(`copy ${table} from stdin`)));
    }
    await client.query('commit');
    const seconds = (performance.now() - begun) / 1000;
    client.release();
    await remove();
    return turns.length / seconds;
  };
}
