/** What is remembered from one listing of Google Drive to the next: where its feeds of changes go on, and what is looked into. */
import { z } from 'zod';
import type { DriveFile } from './drive-file.ts';

const memory = z.object({
  /** When everything was listed. */
  fullAt: z.iso.datetime(),
  /** By feed: the id of a shared drive, or the account's own. */
  tokens: z.record(z.string(), z.string()),
  /** Ids of the folders whose files are wanted. */
  folders: z.array(z.string()).readonly(),
  /** By the id of a shortcut: that of what it leads to. */
  links: z.record(z.string(), z.string()),
});
export type DriveMemory = z.output<typeof memory>;

/** The name of the account's own feed, which drives do not have. */
export const ownFeed = 'own';

export type Roots = { readonly folders: readonly string[]; readonly sharedDrives: readonly string[] };

/** Null: nothing is remembered. */
export function readMemory(cursor: unknown): DriveMemory | null {
  return memory.safeParse(cursor).data ?? null;
}

/** Neither folders nor drives are named. */
export function wantsEverything({ folders, sharedDrives }: Roots): boolean {
  return folders.length + sharedDrives.length === 0;
}

/** Tells whether a file is wanted by where it is. */
export function scopeOf(roots: Roots, { folders, links }: Pick<DriveMemory, 'folders' | 'links'>) {
  const within = new Set(folders);
  const drives = new Set(roots.sharedDrives);
  const targets = new Set(Object.values(links));
  const everything = wantsEverything(roots);
  return ({ id, parents, driveId }: DriveFile): boolean =>
    everything ||
    (driveId !== undefined && drives.has(driveId)) ||
    targets.has(id) ||
    parents.some((parent) => within.has(parent));
}
