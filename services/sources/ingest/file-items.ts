/** Files as items of a source: for the plugin of local folders and for files that an operator names. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fetched, ListedItem } from '../plugin.ts';
import { SourceError } from '../source-error.ts';
import type { FoundFile } from './find-files.ts';
import { fetchFile } from './read-file.ts';

/** `held` of such an item. */
export type HeldFile = FoundFile & {
  /** Why it cannot be read; null: it may be tried. */
  readonly problem: string | null;
};

/**
 * The key is the file's own URL, which does not depend on the working directory.
 * @param sourceBase where the directory is published: documents are identified by this and their path below; null: by the
 *   file's own URL
 */
export async function fileItem(
  file: FoundFile,
  sourceBase: string | null,
  problem: string | null = null,
): Promise<ListedItem> {
  const key = fileUri(file.path);
  const uri = sourceBase === null ? key : under(sourceBase, file.relativePath);
  return { key, version: problem === null ? await version(file) : null, uri, held: { ...file, problem } };
}

/** @throws {SourceError} */
export async function fetchFileItem({ held }: ListedItem, privateDirectories: readonly string[]): Promise<Fetched> {
  const { problem, ...file } = held as HeldFile;
  if (problem !== null) throw new SourceError(problem);
  return fetchFile(file, privateDirectories);
}

function under(base: string, relativePath: string): string {
  return `${base.replace(/\/$/, '')}/${relativePath.split('/').map(encodeURIComponent).join('/')}`;
}

export function fileUri(path: string): string {
  return pathToFileURL(resolve(path)).href;
}

/** Changes with the file and with its companion; null where it is unknown. */
async function version({ path, companion }: FoundFile): Promise<string | null> {
  const paths = companion === null ? [path] : [path, path + companion];
  const states = await Promise.all(paths.map((each) => stat(each).catch(() => null)));
  if (!states[0]) return null;
  return states.map((each) => (each ? `${each.size}.${each.mtimeMs}.${each.ctimeMs}` : '')).join(' ');
}
