/** Finds the files to read below the paths that an operator named, in a stable order, and says why the others are not read. */
import type { Dirent } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { documentServer } from '../readers/document-server.ts';
import { whyNotRead } from '../readers/formats.ts';
import type { MetadataLanguage } from './parse-metadata.ts';
import { whyNotInside } from './safe-path.ts';

/** A companion file states the metadata of the file beside it: `report.pdf.yaml` for `report.pdf`. */
export const companionLanguages: Readonly<Record<string, MetadataLanguage>> = {
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.toml': 'toml',
  '.json': 'json',
};

export type FoundFile = {
  readonly path: string;
  /** From the directory that was named, with slashes; the file's name where the file itself was named. */
  readonly relativePath: string;
  /** The real path that no link of it may lead out of. */
  readonly root: string;
  /** The extension of its companion file; null: it has none. */
  readonly companion: string | null;
};
export type NotRead = { readonly path: string; readonly reason: string };
export type Found = {
  readonly files: FoundFile[];
  readonly skipped: NotRead[];
  readonly failed: NotRead[];
  /** The directories that were named. */
  readonly directories: string[];
};

/**
 * @param paths files or directories; a file that is reached twice is found once
 * @param privateDirectories never read, wherever a path or a link leads
 */
export async function findFiles(paths: readonly string[], privateDirectories: readonly string[] = []): Promise<Found> {
  const found: Found = { files: [], skipped: [], failed: [], directories: [] };
  const seen = new Set<string>();
  for (const path of paths) await visit(path);
  return found;

  async function visit(named: string): Promise<void> {
    let root: string | null = null;
    // An explicit stack, deepest first: directories nest as deep as the file system allows.
    const waiting = [{ path: named, companion: null as string | null }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { path } = next;
      try {
        const real = await realpath(path);
        root ??= real;
        const kind = await stat(real);
        const reason =
          whyNotInside(real, root, privateDirectories) ?? (path === named && kind.isFile() ? reasonByName(path) : null);
        if (reason) (path === named ? found.failed : found.skipped).push({ path, reason });
        else if (seen.has(real))
          found.skipped.push({ path, reason: 'leads to a file or folder that was already read' });
        else if (kind.isDirectory()) {
          seen.add(real);
          if (path === named) found.directories.push(path);
          waiting.push(...(await list(path)).reverse());
        } else if (!kind.isFile()) found.skipped.push({ path, reason: 'is not a regular file' });
        else {
          seen.add(real);
          const alone = path === named;
          const relativePath = alone ? basename(path) : relative(resolve(named), resolve(path)).split(sep).join('/');
          found.files.push({
            path,
            relativePath,
            root: alone ? dirname(real) : root,
            companion: alone ? await companionOf(path) : next.companion,
          });
        }
      } catch (error) {
        found.failed.push({ path, reason: fileProblem(error) });
      }
    }
  }

  /** The entries of a directory that are worth a visit, by name in the order of code points. */
  async function list(directory: string): Promise<{ path: string; companion: string | null }[]> {
    const entries = (await readdir(directory, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    const names = new Set(entries.map(({ name }) => name));
    const kept: { path: string; companion: string | null }[] = [];
    for (const entry of entries) {
      const path = join(directory, entry.name);
      const reason = reasonToSkip(entry, names);
      const companion = Object.keys(companionLanguages).find((extension) => names.has(entry.name + extension)) ?? null;
      if (reason === null) kept.push({ path, companion });
      else if (reason !== '') found.skipped.push({ path, reason });
    }
    return kept;
  }
}

async function companionOf(path: string): Promise<string | null> {
  for (const extension of Object.keys(companionLanguages)) {
    const there = await access(path + extension).then(
      () => true,
      () => false,
    );
    if (there) return extension;
  }
  return null;
}

/** Null: visit it. Empty: skip it without a report. */
function reasonToSkip(entry: Dirent, beside: ReadonlySet<string>): string | null {
  const { name } = entry;
  if (name.startsWith('.')) return 'is hidden';
  if (name.startsWith('~$')) return 'is a temporary file of Office';
  if (beside.has('searchindex.js') && (name === '_sources' || /^(?:genindex|search|py-modindex)\.html$/.test(name))) {
    return 'is an index or a second copy that Sphinx makes';
  }
  if (entry.isDirectory()) return null;
  const extension = extname(name);
  if (companionLanguages[extension] !== undefined && beside.has(name.slice(0, -extension.length))) return '';
  return entry.isSymbolicLink() && extension === '' ? null : reasonByName(name);
}

function reasonByName(name: string): string | null {
  return whyNotRead(extname(name), documentServer() !== null);
}

/** The file system's error as a message. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'ELOOP') return 'is a link that leads to itself';
  if (code === 'ENAMETOOLONG') return 'has too long a path';
  return `cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
}
