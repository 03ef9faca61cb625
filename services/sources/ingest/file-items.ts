/** Files as items of a source: for the plugin of local folders and for files that a person names. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fetched, ListedItem } from '../plugin.ts';
import { SourceError } from '../source-error.ts';
import { type FoundFile, sidecarExtension } from './find-files.ts';
import { fetchFile } from './read-file.ts';

/** What `held` is of such an item. */
export type HeldFile = FoundFile & {
  /** Why it cannot be read; null: it may be tried. */
  readonly problem: string | null;
};

/**
 * Known by the file's own URL, which stays the same whatever directory the command runs in.
 * @param sourceBase where the directory is published: its content is known by this and the file's path from there; null: by
 *   the file's own URL
 */
export async function fileItem(
  file: FoundFile,
  sourceBase: string | null,
  problem: string | null = null,
): Promise<ListedItem> {
  const key = fileUri(file.path);
  const uri = sourceBase === null ? key : under(sourceBase, file.relativePath);
  return { key, version: problem === null ? await version(file.path) : null, uri, held: { ...file, problem } };
}

/** @throws {SourceError} */
export async function fetchFileItem({ held }: ListedItem): Promise<Fetched> {
  const { path, problem } = held as HeldFile;
  if (problem !== null) throw new SourceError(problem);
  return fetchFile(path);
}

function under(base: string, relativePath: string): string {
  return `${base.replace(/\/$/, '')}/${relativePath.split('/').map(encodeURIComponent).join('/')}`;
}

export function fileUri(path: string): string {
  return pathToFileURL(resolve(path)).href;
}

/** Changes with the file and with the metadata beside it; null where it cannot be told. */
async function version(path: string): Promise<string | null> {
  const told = await Promise.all([path, `${path}${sidecarExtension}`].map((each) => stat(each).catch(() => null)));
  const [file] = told;
  if (!file) return null;
  return told.map((each) => (each ? `${each.size}.${each.mtimeMs}.${each.ctimeMs}` : '')).join(' ');
}
