/** Files and directories as a person names them → the files to read, in a stable order, and why the others are not. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { whyNotRead } from '../readers/formats.ts';

/** A file beside another that tells its metadata: `report.pdf.yaml` for `report.pdf`. */
export const sidecarExtension = '.yaml';

export type FoundFile = {
  readonly path: string;
  /** From the directory that was named, with slashes; the file's name where the file itself was named. */
  readonly relativePath: string;
};
export type NotRead = { readonly path: string; readonly reason: string };
export type Found = { readonly files: FoundFile[]; readonly skipped: NotRead[]; readonly failed: NotRead[] };

/** @param paths files or directories; a file that is reached twice is found once */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const found: Found = { files: [], skipped: [], failed: [] };
  const seen = new Set<string>();
  for (const path of paths) {
    await visit(path, (real, isDirectory) => (isDirectory ? null : whyNotRead(extname(real))));
  }
  return found;

  async function visit(root: string, refuse: (path: string, isDirectory: boolean) => string | null): Promise<void> {
    // A stack of its own, deepest first: directories nest as deep as the file system lets them.
    const waiting = [root];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      try {
        const real = await realpath(path);
        const kind = await stat(real);
        const reason = path === root ? refuse(path, kind.isDirectory()) : null;
        if (reason) found.failed.push({ path, reason });
        else if (seen.has(real)) found.skipped.push({ path, reason: 'leads to what has been read already' });
        else if (kind.isDirectory()) {
          seen.add(real);
          waiting.push(...(await list(path)).reverse());
        } else if (!kind.isFile()) found.skipped.push({ path, reason: 'is not a regular file' });
        else {
          seen.add(real);
          const relativePath =
            path === root ? basename(path) : relative(resolve(root), resolve(path)).split(sep).join('/');
          found.files.push({ path, relativePath });
        }
      } catch (error) {
        found.failed.push({ path, reason: fileProblem(error) });
      }
    }
  }

  /** What a directory holds that is worth a visit, by name in the order of code points. */
  async function list(directory: string): Promise<string[]> {
    const entries = (await readdir(directory, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    const names = new Set(entries.map(({ name }) => name));
    const kept: string[] = [];
    for (const entry of entries) {
      const path = join(directory, entry.name);
      const reason = reasonToSkip(entry, names);
      if (reason === null) kept.push(path);
      else if (reason !== '') found.skipped.push({ path, reason });
    }
    return kept;
  }
}

/** Null: visit it. Empty: pass over it without a word. */
function reasonToSkip(entry: Dirent, beside: ReadonlySet<string>): string | null {
  const { name } = entry;
  if (name.startsWith('.')) return 'is hidden';
  if (name.startsWith('~$')) return 'is what Office leaves beside a file that is open';
  if (beside.has('searchindex.js') && (name === '_sources' || /^(?:genindex|search|py-modindex)\.html$/.test(name))) {
    return 'is an index or a second copy that Sphinx makes';
  }
  if (entry.isDirectory()) return null;
  if (name.endsWith(sidecarExtension) && beside.has(name.slice(0, -sidecarExtension.length))) return '';
  return entry.isSymbolicLink() && extname(name) === '' ? null : whyNotRead(extname(name));
}

/** What the file system said, for a person. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'is not there';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'ELOOP') return 'is a link that leads to itself';
  if (code === 'ENAMETOOLONG') return 'has too long a path';
  return `cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
}
