/** Where the command finds the stack that was started last: its control address and the secret of it, in DATA_DIR. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const place = z.object({ url: z.url(), secret: z.string().min(1) });

export type ControlPlace = z.infer<typeof place>;

/** Under DATA_DIR. */
export const gamedayFolder = (dataDir: string) => join(dataDir, 'gameday');

/** @returns forgets it again */
export function rememberControl(folder: string, { url, secret }: ControlPlace): () => void {
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, JSON.stringify({ url, secret }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}

/** @returns null where none was started, or it has ended in good order */
export function recallControl(folder: string): ControlPlace | null {
  try {
    return place.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function fileIn(folder: string): string {
  return join(folder, 'control.json');
}
