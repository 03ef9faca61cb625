/** The objectives file of this process. Bounds of histograms depend on it, so it is read before anything else. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSloFile, type SloFile, SloFileError } from './read-slo-file.ts';

/** The shipped one. */
export const defaultSloFile = fileURLToPath(new URL('../../../slo.yaml', import.meta.url));

/** Read once: the programs read a changed file when they start. */
export const sloFile: SloFile = load(process.env.SLO_FILE || defaultSloFile);

function load(path: string): SloFile {
  try {
    return readSloFile(readFileSync(path, 'utf8'), path);
  } catch (error) {
    const reason =
      error instanceof SloFileError
        ? `The objectives are not valid:\n${error.message}`
        : `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Set SLO_FILE to the path of your slo.yaml, or unset it.`;
    // No program can start without its objectives, and a stack trace would hide the line to correct.
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }
}
