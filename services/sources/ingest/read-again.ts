/** Reads content again from where it was taken in. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadAgain } from '../../provenance/verification.ts';
import { formats } from '../readers/formats.ts';
import { readManifest } from '../readers/parser-pool.ts';
import { readBytes } from './read-bytes.ts';

/** Files only: what was published elsewhere is read by the plugin of its source. */
export async function readAgain(sourceUri: string | null): Promise<ReadAgain> {
  if (sourceUri === null || !URL.canParse(sourceUri) || new URL(sourceUri).protocol !== 'file:') {
    return { state: 'no_fetcher' };
  }
  try {
    const path = fileURLToPath(sourceUri);
    const bytes = await readBytes(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { state: 'read', sha256, manifest: await readManifest(formats[extname(path).toLowerCase()], bytes) };
  } catch {
    // Not there, not ours to read, on another host: the status says that nothing is known.
    return { state: 'unreachable' };
  }
}
