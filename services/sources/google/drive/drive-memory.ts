/** The cursor between two listings of Google Drive: the tokens of its change feeds, and the folders and shortcuts in scope. */
import { z } from 'zod';
import type { DriveFile } from './drive-file.ts';

const memory = z.object({
  /** When everything was listed. */
  fullAt: z.iso.datetime(),
  /** By feed: the id of a shared drive, or the account's own. */
  tokens: z.record(z.string(), z.string()),
  /** Ids of the folders in scope. */
  folders: z.array(z.string()).readonly(),
  /** The id of the target, by the id of the shortcut. */
  links: z.record(z.string(), z.string()),
});
export type DriveMemory = z.output<typeof memory>;

/** The key of the account's own feed, which is no valid id of a drive. */
export const ownFeed = 'own';

export type Roots = { readonly folders: readonly string[]; readonly sharedDrives: readonly string[] };

/** Null: there is no valid cursor. */
export function readMemory(cursor: unknown): DriveMemory | null {
  return memory.safeParse(cursor).data ?? null;
}

/** True if the configuration names neither folders nor drives. */
export function wantsEverything({ folders, sharedDrives }: Roots): boolean {
  return folders.length + sharedDrives.length === 0;
}

/** @returns a function that decides by its location whether a file is in scope */
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
