/** Reads files and directories into the store; a file that cannot be taken is reported, and the rest goes on. */
import type { ContentDocument, StoreContent } from '../provenance/content.ts';
import type { License } from '../provenance/license.ts';
import type { ContentFacts } from './content-facts.ts';
import { type FoundFile, findFiles, type NotRead } from './find-files.ts';
import { readDocument } from './read-document.ts';
import { SourceError } from './source-error.ts';

export type IngestOptions = {
  /** Facts for all files, where they do not tell their own. */
  readonly facts: ContentFacts;
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
  /** Taken, and nobody told that its owner permits the use: it is used in answers only if its licence grants that. */
  readonly withoutPermission: readonly { readonly path: string; readonly license: License | null }[];
  /** Taken, and kept for so many years only. `acquiredAt` null: the moment it was stored. */
  readonly limited: readonly {
    readonly path: string;
    readonly acquiredAt: Date | null;
    readonly retentionYears: number;
  }[];
  readonly skipped: readonly NotRead[];
  readonly failed: readonly NotRead[];
  readonly seconds: number;
};

export type IngestSurroundings = {
  readonly store: StoreContent;
  readonly onProgress?: (progress: IngestProgress) => void;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** Once aborted, files that are not begun stay as they are, and the report tells of the others. */
  readonly signal?: AbortSignal;
};

const oneFileFacts = ['sourceUri', 'title', 'materialId'] as const;
/** Files read or stored at a time: one is parsed while others wait for the disk or the database. */
const atOnce = 4;
/** When the store refuses this many in a row, it is away, and the files are not at fault. */
const refusalsInARow = 3;

/** @throws {SourceError} for facts that cannot be true of several files; whatever the store throws once it refuses several files in a row; what it took before that is kept */
export async function ingest(
  paths: readonly string[],
  { facts, sourceBase }: IngestOptions,
  { store, onProgress, clock, signal }: IngestSurroundings,
): Promise<IngestReport> {
  const start = clock();
  const { files, skipped, failed } = await findFiles(paths);
  if (files.length > 1 && oneFileFacts.some((name) => facts[name] !== undefined)) {
    throw new SourceError(
      'sourceUri, title and materialId are for one file; let each file tell its own in its front matter',
    );
  }
  const counts = { created: 0, replaced: 0, unchanged: 0, passages: 0 };
  const withoutPermission: { path: string; license: License | null }[] = [];
  const limited: { path: string; acquiredAt: Date | null; retentionYears: number }[] = [];
  const keys = new Map<string, string>();
  const queue = files.values();
  let done = 0;
  let refusals = 0;

  async function work(): Promise<void> {
    for (const file of queue) {
      if (signal?.aborted) return;
      await take(file);
      done++;
      onProgress?.({ done, total: files.length, passages: counts.passages, path: file.path });
    }
  }

  async function take(file: FoundFile): Promise<void> {
    let document: ContentDocument;
    try {
      document = await readDocument(file, facts, sourceBase);
    } catch (error) {
      failed.push({ path: file.path, reason: reasonOf(error) });
      return;
    }
    const key = `${document.contentType} ${document.sourceUri}`;
    const taken = keys.get(key);
    if (document.passages.length === 0) skipped.push({ path: file.path, reason: 'holds no text' });
    else if (taken !== undefined) {
      failed.push({ path: file.path, reason: `has the same sourceUri as ${taken}, so one would replace the other` });
    } else {
      keys.set(key, file.path);
      await storeOne(document);
    }
  }

  async function storeOne(document: ContentDocument): Promise<void> {
    try {
      counts[await store(document)]++;
      counts.passages += document.passages.length;
      if (document.permission !== true) withoutPermission.push({ path: document.path, license: document.license });
      const { path, acquiredAt, retentionYears } = document;
      if (retentionYears !== null) limited.push({ path, acquiredAt, retentionYears });
      refusals = 0;
    } catch (error) {
      refusals++;
      if (refusals >= refusalsInARow) throw error;
      failed.push({
        path: document.path,
        reason: `could not be stored: ${error instanceof Error ? error.message : error}`,
      });
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
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

/** A file may be broken in ways that nobody thought of; it is still one file, and its text stays out of the report. */
function reasonOf(error: unknown): string {
  if (error instanceof SourceError) return error.message;
  return `could not be read: the reader failed (${error instanceof Error ? error.name : 'unknown error'})`;
}
