/** The file in DATA_DIR through which the command finds the stack: its control address and secret. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const address = z.object({ url: z.url(), secret: z.string().min(1) });

export type ControlAddress = z.infer<typeof address>;

/** Under DATA_DIR. */
export const gamedayFolder = (dataDir: string) => join(dataDir, 'gameday');

/** @returns a function that removes the file */
export function writeControlFile(folder: string, { url, secret }: ControlAddress): () => void {
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, JSON.stringify({ url, secret }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}

/** @returns null where no stack was started, or it has stopped cleanly */
export function readControlFile(folder: string): ControlAddress | null {
  try {
    return address.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function fileIn(folder: string): string {
  return join(folder, 'control.json');
}
