/** Tells which migrations belong to this version of the programs. */
import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';

const directory = new URL('../../../migrations', import.meta.url);

/** As `pgmigrations` has them, in order. */
export async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(directory);
  return files.map((file) => parse(file).name).sort();
}
