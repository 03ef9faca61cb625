/** Reads the CPU time of a server process, which depends less on other programs than elapsed time. */
import { readFileSync } from 'node:fs';
import type { Pool } from '../services/postgres/client/connect.ts';

/** @returns microseconds so far of all connections of this pool; null where the system does not report it (Linux does) */
export type ReadCpu = () => number | null;

/** Opens all connections of the pool first, because each has its own server process. */
export async function cpuOfPool(pool: Pool): Promise<ReadCpu> {
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  const pids: number[] = [];
  for (const client of clients) {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    pids.push(...rows.map(({ pid }) => pid));
    client.release();
  }
  return () => {
    try {
      const used = pids.map((pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000);
      return used.reduce((sum, one) => sum + one, 0);
    } catch {
      return null;
    }
  };
}
