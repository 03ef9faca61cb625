/** Sends lines to a table with COPY, with backpressure. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';

/** @param lines of tab-separated values, with their line ends */
export async function copyLines(
  client: ClientBase,
  table: string,
  columns: string,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  await pipeline(Readable.from(lines), client.query(from(`copy ${table} (${columns}) from stdin`)));
}
