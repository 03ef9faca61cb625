/** Finds quoted passages in the packages by their hashes, because the text of the manuals is not part of the repository. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { localSource } from '../../services/provenance/source.ts';
import { fetchFileItem, fileItem } from '../../services/sources/ingest/file-items.ts';
import { readItem } from '../../services/sources/ingest/read-item.ts';
import type { ListedItem } from '../../services/sources/plugin.ts';

export type Passage = { readonly id: string; readonly title: string; readonly heading: string; readonly text: string };

/** The quoted passages of one document: its path in the corpus, and their ids. */
export type QuotedDocument = {
  readonly corpus: string;
  readonly document: string;
  readonly passages: readonly string[];
};

/**
 * Reads and splits each document like the service. A passage is missing where its text differs from the quoted one.
 *
 * @param folders directories by the corpus's name
 * @returns passages by id
 */
export async function readPassages(
  quoted: readonly QuotedDocument[],
  folders: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Passage>> {
  const found = new Map<string, Passage>();
  for (const { corpus, document, passages } of quoted) {
    const wanted = new Set(passages);
    for (const passage of await splitDocument(folders[corpus] ?? '', document)) {
      if (wanted.has(passage.id)) found.set(passage.id, passage);
    }
  }
  return found;
}

/** No passages if the package no longer has the document. */
async function splitDocument(folder: string, document: string): Promise<readonly Passage[]> {
  const file = { path: join(folder, document), relativePath: document, root: folder, companion: null };
  const options = { source: localSource, versionHash: null, stated: {}, defaults: {} };
  const fetch = (item: ListedItem) => fetchFileItem(item, []);
  try {
    const read = await readItem({ fetch }, await fileItem(file, null), options);
    if (read === 'gone') return [];
    return read.passages.map(({ heading, text }) => ({
      id: idOf(read.title, heading, text),
      title: read.title,
      heading,
      text,
    }));
  } catch (error) {
    console.error(`${document}: ${error instanceof Error ? error.message : error}`);
    return [];
  }
}

function idOf(title: string, heading: string, text: string): string {
  return createHash('sha256').update(`${title}\0${heading}\0${text}`).digest('hex').slice(0, 12);
}
