/** Reads a document again from where it was ingested. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadAgain } from '../../provenance/verification.ts';
import { formatOf } from '../readers/formats.ts';
import { readManifest } from '../readers/parser-pool.ts';
import { readRegularFile } from './read-file.ts';

/**
 * Reads regular files only. Documents that were published elsewhere are read by the plugin of their source.
 * @param ingested whether the address is that of a file that was ingested: metadata may name any other address
 */
export async function readAgain({
  sourceUri,
  ingested,
}: {
  sourceUri: string | null;
  ingested: boolean;
}): Promise<ReadAgain> {
  if (!ingested || sourceUri === null || !URL.canParse(sourceUri) || new URL(sourceUri).protocol !== 'file:') {
    return { state: 'no_fetcher' };
  }
  try {
    const path = fileURLToPath(sourceUri);
    const bytes = await readRegularFile(path, { root: null, privateDirectories: [] });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { state: 'read', sha256, manifest: await readManifest(formatOf(extname(path), false), bytes) };
  } catch {
    // The file is missing, unreadable or on another host: nothing is known about the document.
    return { state: 'unreachable' };
  }
}
