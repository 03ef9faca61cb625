/** Ingests the files and directories that an operator names, as items of the source of local files. */
import type { ContentDocument, StoreContent } from '../../provenance/content.ts';
import type { License } from '../../provenance/license.ts';
import { localSource } from '../../provenance/source.ts';
import type { ListedItem } from '../plugin.ts';
import { SourceError } from '../source-error.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { fetchFileItem, fileItem, fileUri, type HeldFile } from './file-items.ts';
import { type FoundFile, findFiles, type NotRead } from './find-files.ts';
import { ingestItems } from './ingest-items.ts';
import { readItem } from './read-item.ts';

export type IngestOptions = {
  /** For all files; a file's own metadata overrides it. */
  readonly metadata: ContentMetadata;
  /** Where the named directory is published; null: files keep their own URL. */
  readonly sourceBase: string | null;
};

export type IngestProgress = {
  readonly done: number;
  readonly total: number;
  readonly passages: number;
  /** The file that was finished last. */
  readonly path: string;
};

export type IngestReport = {
  readonly created: number;
  readonly replaced: number;
  readonly unchanged: number;
  /** Passages of all documents, unchanged ones included. */
  readonly passages: number;
  /** Stored without the permission of the owner: used in answers only if the licence allows it. */
  readonly withoutPermission: readonly { readonly path: string; readonly license: License | null }[];
  /** Stored for a limited time. `acquiredAt` null: the moment it was stored. */
  readonly limited: readonly {
    readonly path: string;
    readonly acquiredAt: Date | null;
    readonly retentionYears: number;
  }[];
  /** What was left out of documents, and metadata that was ignored. */
  readonly notes: readonly { readonly path: string; readonly note: string }[];
  readonly skipped: readonly NotRead[];
  readonly failed: readonly NotRead[];
  /** Stored documents of files that are deleted or have no text, by their keys. */
  readonly missing: readonly string[];
  /** Stored documents of the named directories and of the named files without text. */
  readonly known: number;
  readonly seconds: number;
};

export type IngestDeps = {
  readonly store: StoreContent;
  /** Directories that are never read, whatever leads there. */
  readonly privateDirectories?: readonly string[];
  /** The keys of stored documents that begin with the address of a directory. */
  readonly knownBelow?: (directory: string) => Promise<readonly string[]>;
  readonly onProgress?: (progress: IngestProgress) => void;
  readonly onDocument?: (document: ContentDocument) => void;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** Once aborted, files that have not been started stay as they are, and the report covers the others. */
  readonly signal?: AbortSignal;
};

/** Of all files, unless stated otherwise. */
export const localMetadata: ContentMetadata = { acquisitionMethod: 'manual_upload' };
const oneFileMetadata = ['sourceUri', 'title', 'materialId'] as const;

/** @throws {SourceError} for metadata that cannot be true of several files; what the store throws once it fails several times in a row; what was stored before that is kept */
export async function ingest(
  paths: readonly string[],
  { metadata, sourceBase }: IngestOptions,
  { store, privateDirectories = [], knownBelow, onProgress, onDocument, clock, signal }: IngestDeps,
): Promise<IngestReport> {
  const start = clock();
  const { files, skipped, failed, directories } = await findFiles(paths, privateDirectories);
  if (files.length > 1 && oneFileMetadata.some((name) => metadata[name] !== undefined)) {
    throw new SourceError(
      'sourceUri, title and materialId are for one file; state them in the front matter of each file',
    );
  }
  const counts = { created: 0, replaced: 0, unchanged: 0, passages: 0 };
  const withoutPermission: { path: string; license: License | null }[] = [];
  const limited: { path: string; acquiredAt: Date | null; retentionYears: number }[] = [];
  const notes: { path: string; note: string }[] = [];
  const options = {
    source: localSource,
    // An operator who names a file wants it read, whatever is stored: there is no version to skip it by.
    versionHash: null,
    stated: metadata,
    defaults: { ...localMetadata, ...metadata },
  };
  const fetch = (item: ListedItem) => fetchFileItem(item, privateDirectories);
  const found = new Set(files.map(({ path }) => fileUri(path)));
  /** Keys of files without text: what is stored of them is out of date. */
  const empty: string[] = [];
  let done = 0;

  await ingestItems(itemsOf(files, sourceBase), {
    read: (item) => readItem({ fetch }, item, options),
    store,
    signal,
    onResult(item, result) {
      const { path } = item.held as HeldFile;
      if (result.state === 'failed') failed.push({ path, reason: result.reason });
      else if (result.state === 'empty') {
        skipped.push({ path, reason: 'has no text' });
        found.delete(item.key);
        empty.push(item.key);
      } else if (result.state !== 'gone') {
        const { document } = result;
        const { passages, permission, license, acquiredAt, retentionYears } = document;
        counts[result.state]++;
        counts.passages += passages.length;
        if (permission !== true) withoutPermission.push({ path, license });
        if (retentionYears !== null) limited.push({ path, acquiredAt, retentionYears });
        notes.push(...(document.notes ?? []).map((note) => ({ path, note })));
        onDocument?.(document);
      }
      done++;
      onProgress?.({ done, total: files.length, passages: counts.passages, path });
    },
  });
  // What could not be read may still be there.
  const unread = failed.map(({ path }) => fileUri(path));
  const known = new Set<string>();
  if (knownBelow) {
    for (const path of directories) for (const key of await knownBelow(`${fileUri(path)}/`)) known.add(key);
    // Such a file may have been named itself.
    for (const path of empty) for (const key of await knownBelow(path)) if (key === path) known.add(key);
  }
  const missing = [...known].filter(
    (key) => !found.has(key) && !unread.some((path) => key === path || key.startsWith(`${path}/`)),
  );
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  return {
    ...counts,
    withoutPermission: withoutPermission.sort(byPath),
    limited: limited.sort(byPath),
    notes: notes.sort(byPath),
    skipped: skipped.sort(byPath),
    failed: failed.sort(byPath),
    missing: missing.sort(),
    known: known.size,
    seconds: (clock() - start) / 1000,
  };
}

async function* itemsOf(files: readonly FoundFile[], sourceBase: string | null): AsyncGenerator<ListedItem, undefined> {
  for (const file of files) yield await fileItem(file, sourceBase);
}
