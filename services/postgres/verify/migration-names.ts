/** Lists the migrations of this version. */
import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';

const directory = new URL('../../../migrations', import.meta.url);

/** Named as in `pgmigrations`, in order. */
export async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(directory);
  return files.map((file) => parse(file).name).sort();
}
