/** Takes in the files and directories that a person names, as items of the source of local files. */
import type { StoreContent } from '../../provenance/content.ts';
import type { License } from '../../provenance/license.ts';
import type { ListedItem } from '../plugin.ts';
import { SourceError } from '../source-error.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { fetchFileItem, fileItem, type HeldFile } from './file-items.ts';
import { type FoundFile, findFiles, type NotRead } from './find-files.ts';
import { ingestItems } from './ingest-items.ts';
import { readItem } from './read-item.ts';

export type IngestOptions = {
  /** Metadata for all files, where they do not tell their own. */
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
  /** Passages of all content that was taken, unchanged content included. */
  readonly passages: number;
  /** ItemResult, and nobody told that its owner permits the use: it is used in answers only if its licence grants that. */
  readonly withoutPermission: readonly { readonly path: string; readonly license: License | null }[];
  /** ItemResult, and kept for so many years only. `acquiredAt` null: the moment it was stored. */
  readonly limited: readonly {
    readonly path: string;
    readonly acquiredAt: Date | null;
    readonly retentionYears: number;
  }[];
  readonly skipped: readonly NotRead[];
  readonly failed: readonly NotRead[];
  readonly seconds: number;
};

export type IngestDeps = {
  readonly store: StoreContent;
  readonly onProgress?: (progress: IngestProgress) => void;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** Once aborted, files that are not begun stay as they are, and the report tells of the others. */
  readonly signal?: AbortSignal;
};

/** The registry's row of content that comes from files. */
const localSource = 'local';
/** Told of all files, unless somebody says otherwise. */
export const localMetadata: ContentMetadata = { acquisitionMethod: 'manual_upload' };
const oneFileMetadata = ['sourceUri', 'title', 'materialId'] as const;

/** @throws {SourceError} for metadata that cannot be true of several files; whatever the store throws once it refuses several files in a row; what it took before that is kept */
export async function ingest(
  paths: readonly string[],
  { metadata, sourceBase }: IngestOptions,
  { store, onProgress, clock, signal }: IngestDeps,
): Promise<IngestReport> {
  const start = clock();
  const { files, skipped, failed } = await findFiles(paths);
  if (files.length > 1 && oneFileMetadata.some((name) => metadata[name] !== undefined)) {
    throw new SourceError(
      'sourceUri, title and materialId are for one file; let each file tell its own in its front matter',
    );
  }
  const counts = { created: 0, replaced: 0, unchanged: 0, passages: 0 };
  const withoutPermission: { path: string; license: License | null }[] = [];
  const limited: { path: string; acquiredAt: Date | null; retentionYears: number }[] = [];
  const withMethod = { ...localMetadata, ...metadata };
  let done = 0;

  await ingestItems(itemsOf(files, sourceBase), {
    // Whoever names a file wants it read, whatever is known of it; so nothing is kept to pass it over by.
    read: (item) =>
      readItem({ fetch: fetchFileItem }, item, { source: localSource, versionHash: null, told: withMethod }),
    store,
    signal,
    onResult(item, taken) {
      const { path } = item.held as HeldFile;
      if (taken.state === 'failed') failed.push({ path, reason: taken.reason });
      else if (taken.state === 'empty') skipped.push({ path, reason: 'holds no text' });
      else if (taken.state !== 'gone') {
        const { passages, permission, license, acquiredAt, retentionYears } = taken.document;
        counts[taken.state]++;
        counts.passages += passages.length;
        if (permission !== true) withoutPermission.push({ path, license });
        if (retentionYears !== null) limited.push({ path, acquiredAt, retentionYears });
      }
      done++;
      onProgress?.({ done, total: files.length, passages: counts.passages, path });
    },
  });
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  return {
    ...counts,
    withoutPermission: withoutPermission.sort(byPath),
    limited: limited.sort(byPath),
    skipped: skipped.sort(byPath),
    failed: failed.sort(byPath),
    seconds: (clock() - start) / 1000,
  };
}

async function* itemsOf(files: readonly FoundFile[], sourceBase: string | null): AsyncGenerator<ListedItem, undefined> {
  for (const file of files) yield await fileItem(file, sourceBase);
}
