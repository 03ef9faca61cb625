/** Reads Google Drive's feeds of changes → what is to be taken in again, and what is not wanted or not there any more. */
import { z } from 'zod';
import type { ListedItem } from '../../plugin.ts';
import { SourceError } from '../../source-error.ts';
import { type Drive, entriesOf } from './drive-api.ts';
import {
  brokenItem,
  type DriveFile,
  fileFields,
  fileItem,
  folderType,
  readDriveFile,
  shortcutType,
} from './drive-file.ts';
import { type DriveMemory, ownFeed, type Roots, scopeOf } from './drive-memory.ts';

export type Changes = {
  readonly items: readonly ListedItem[];
  /** Ids of files that were deleted, or moved to where they are not wanted. */
  readonly out: ReadonlySet<string>;
  readonly tokens: Readonly<Record<string, string>>;
};

/** So many are no less work than a listing. */
const maxChanges = 50_000;

const change = z.object({
  changeType: z.enum(['file', 'drive']).default('file'),
  fileId: z.string().optional(),
  driveId: z.string().optional(),
  removed: z.boolean().default(false),
  file: z.unknown().optional(),
});

/** Null: the feeds cannot tell, so that everything must be listed: a token has expired, or a folder or a shortcut has changed. */
export async function readChanges(drive: Drive, roots: Roots, before: DriveMemory): Promise<Changes | null> {
  const latest = new Map<string, unknown>();
  const tokens: Record<string, string> = {};
  for (const [feed, token] of Object.entries(before.tokens)) {
    const entries = entriesOf((at) => drive.ask('changes', changesQuery(feed, at ?? token), true), 'changes', token);
    let next = await entries.next();
    for (; next.done !== true; next = await entries.next()) {
      const { data } = change.safeParse(next.value);
      if (data?.changeType === 'drive' && !roots.sharedDrives.includes(data.driveId ?? '')) continue;
      if (data?.fileId === undefined || latest.size >= maxChanges) return null;
      // Told last counts.
      latest.set(data.fileId, data.removed ? 'removed' : data.file);
    }
    if (next.value === 'gone') return null;
    const { newStartPageToken } = next.value;
    if (typeof newStartPageToken !== 'string') throw new SourceError('has a feed of changes without an end');
    tokens[feed] = newStartPageToken;
  }
  return sort(latest, roots, before, tokens);
}

function sort(
  latest: ReadonlyMap<string, unknown>,
  roots: Roots,
  before: DriveMemory,
  tokens: Changes['tokens'],
): Changes | null {
  const isWanted = scopeOf(roots, before);
  const folders = new Set(before.folders);
  const items: ListedItem[] = [];
  const out = new Set<string>();
  for (const [id, reply] of latest) {
    const file = reply === 'removed' ? null : readDriveFile(reply);
    if (movesOthers(id, file)) return null;
    const there = file !== null && !file.trashed && isWanted(file);
    const item = there ? fileItem(file) : null;
    if (file === null && reply !== 'removed') items.push(brokenItem(id));
    else if (item !== null) items.push(item);
    else out.add(id);
  }
  return { items, out, tokens };

  /** Whether other files come or go with it, of which the feed need not tell. */
  function movesOthers(id: string, file: DriveFile | null): boolean {
    const gone = file === null || file.trashed;
    if (id in before.links || file?.mimeType === shortcutType) return id in before.links || (!gone && isWanted(file));
    if (folders.has(id)) return gone || !(isWanted(file) || roots.folders.includes(id));
    if (file?.mimeType !== folderType) return false;
    return gone || (folders.size > 0 && isWanted(file));
  }
}

function changesQuery(feed: string, pageToken: string): Record<string, string> {
  return {
    pageToken,
    fields: `nextPageToken,newStartPageToken,changes(changeType,fileId,driveId,removed,file(${fileFields}))`,
    pageSize: '1000',
    includeRemoved: 'true',
    includeItemsFromAllDrives: 'true',
    ...(feed !== ownFeed && { driveId: feed }),
  };
}
