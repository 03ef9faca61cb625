/** Checks where a path leads: links never lead outside the folder that was named, and some directories are never read. */
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';

/** Null: it may be read. Both paths are real. */
export function whyNotInside(real: string, root: string, privateDirectories: readonly string[]): string | null {
  if (isPrivate(real, privateDirectories)) return 'is in the data directory of this service, which is never read';
  return real === root || isBelow(real, root) ? null : 'is a link that leads outside the folder';
}

function isPrivate(real: string, privateDirectories: readonly string[]): boolean {
  return privateDirectories.some((directory) => {
    const home = realOrSame(directory);
    return real === home || isBelow(real, home);
  });
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

/** A directory that does not exist yet may be created at any time. */
function realOrSame(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
