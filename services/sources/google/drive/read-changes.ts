/** Reads the change feeds of Google Drive: returns the items to ingest again and the ids of files that are deleted or out of scope. */
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
  /** Ids of files that were deleted or moved out of scope. */
  readonly out: ReadonlySet<string>;
  readonly tokens: Readonly<Record<string, string>>;
};

/** Reading more changes than this costs as much as a full listing. */
const maxChanges = 50_000;

const change = z.object({
  changeType: z.enum(['file', 'drive']).default('file'),
  fileId: z.string().optional(),
  driveId: z.string().optional(),
  removed: z.boolean().default(false),
  file: z.unknown().optional(),
});

/** Null: a full listing is needed, because a token has expired, there are too many changes, or a folder or shortcut has changed. */
export async function readChanges(drive: Drive, roots: Roots, before: DriveMemory): Promise<Changes | null> {
  const latest = new Map<string, unknown>();
  const tokens: Record<string, string> = {};
  for (const [feed, token] of Object.entries(before.tokens)) {
    const entries = entriesOf(
      (at) => drive.getJson('changes', changesQuery(feed, at ?? token), true),
      'changes',
      token,
    );
    let next = await entries.next();
    for (; next.done !== true; next = await entries.next()) {
      const { data } = change.safeParse(next.value);
      if (data?.changeType === 'drive' && !roots.sharedDrives.includes(data.driveId ?? '')) continue;
      if (data?.fileId === undefined || latest.size >= maxChanges) return null;
      // The last change of a file wins.
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

  /** Whether the change adds or removes other files, which the feed may not list. */
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
