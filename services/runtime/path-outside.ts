/** Finds paths that lead out of folders, links included. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

/** @returns the first path that is in none of the folders; null: each is in one, or is one */
export async function pathOutside(paths: readonly string[], folders: readonly string[]): Promise<string | null> {
  const roots = await Promise.all(folders.map(real));
  for (const path of paths) {
    const target = await real(path);
    if (!roots.some((root) => isWithin(target, root))) return path;
  }
  return null;
}

/** Where links lead. A path that does not exist here, but may on the worker's machine, is only made plain. */
async function real(path: string): Promise<string> {
  const plain = resolve(path);
  return realpath(plain).catch(() => plain);
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith('../') && !isAbsolute(way));
}
