/** Lists the files of Google Drive in scope: all of them, or those that have changed since the last listing. */
import { createFailedRoots } from '../../failed-roots.ts';
import type { ListedItem, Listing } from '../../plugin.ts';
import { SourceError, SourceUnavailable } from '../../source-error.ts';
import { type Drive, entriesOf } from './drive-api.ts';
import {
  brokenItem,
  type DriveFile,
  fileFields,
  fileItem,
  folderType,
  idOf,
  readDriveFile,
  shortcutType,
} from './drive-file.ts';
import { ownFeed, type Roots, readMemory, wantsEverything } from './drive-memory.ts';
import { readChanges } from './read-changes.ts';

/** More than any team maintains. */
const maxFolders = 100_000;

/** @param fullEveryMs interval of full listings; in between, only changes are listed */
export async function* listFiles(
  drive: Drive,
  roots: Roots,
  cursor: unknown,
  { now, fullEveryMs }: { now: Date; fullEveryMs: number },
): AsyncGenerator<ListedItem, Listing> {
  const before = readMemory(cursor);
  const recent = before !== null && now.getTime() - Date.parse(before.fullAt) < fullEveryMs;
  const changes = recent ? await readChanges(drive, roots, before) : null;
  if (before === null || changes === null) return yield* listEverything(drive, roots, now);
  yield* changes.items;
  return { cursor: { ...before, tokens: changes.tokens }, covers: ({ key }) => changes.out.has(key) };
}

async function* listEverything(drive: Drive, roots: Roots, now: Date): AsyncGenerator<ListedItem, Listing> {
  const waiting: DriveFile[] = [];
  const folders = new Set<string>();
  const links: Record<string, string> = {};
  let faults = 0;

  async function* take(reply: unknown, byLink = false): AsyncGenerator<ListedItem> {
    const file = readDriveFile(reply);
    if (file === null) {
      const id = idOf(reply);
      if (id === null) faults++;
      else yield brokenItem(id);
    } else if (file.trashed) return;
    else if (file.mimeType === folderType) {
      // The listing of a whole drive already includes the files in its folders.
      if (byLink || roots.folders.length > 0) enter(file);
    } else if (file.mimeType === shortcutType) {
      const target = file.shortcutDetails?.targetId;
      if (byLink || target === undefined) return;
      links[file.id] = target;
      // A shortcut may point to a folder above it.
      if (folders.has(target)) return;
      const found = await drive.getJson(`files/${target}`, { fields: fileFields });
      if (found !== 'gone') yield* take(found, true);
    } else {
      const item = fileItem(file);
      if (item !== null) yield item;
    }
  }

  function enter(folder: DriveFile): void {
    if (folders.has(folder.id)) return;
    if (folders.size >= maxFolders) throw new SourceError(`has more than ${maxFolders.toLocaleString('en')} folders`);
    folders.add(folder.id);
    waiting.push(folder);
  }

  async function* takeList(query: Readonly<Record<string, string>>): AsyncGenerator<ListedItem, boolean> {
    const files = entriesOf((token) => drive.getJson('files', listQuery(query, token)), 'files');
    for (;;) {
      const next = await files.next();
      if (next.done === true) return next.value !== 'gone';
      yield* take(next.value);
    }
  }

  async function* takeDrive(driveId: string): AsyncGenerator<ListedItem> {
    const there = yield* takeList({ q: 'trashed = false', corpora: 'drive', driveId });
    if (!there) throw new SourceError(`the shared drive ${driveId} does not exist or is not shared with the account`);
  }

  async function* takeFolders(): AsyncGenerator<ListedItem> {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      const { id, driveId } = folder;
      const q = `'${id}' in parents and trashed = false`;
      yield* takeList({ q, ...(driveId !== undefined && { corpora: 'drive', driveId }) });
    }
  }

  async function* takeFolder(id: string): AsyncGenerator<ListedItem> {
    const root = found.get(id) ?? (await rootFolder(drive, id));
    enter(root);
    yield* takeFolders();
  }

  const found = await findFolders(drive, roots.folders);
  const feeds = new Set([...roots.sharedDrives, ...[...found.values()].map(({ driveId }) => driveId ?? ownFeed)]);
  if (wantsEverything(roots)) feeds.add(ownFeed);
  // Requested before the listing, so that the next sync sees changes made during it.
  const tokens: Record<string, string> = {};
  for (const feed of feeds) {
    const token = await startToken(drive, feed);
    if (token !== null) tokens[feed] = token;
  }

  if (wantsEverything(roots)) yield* takeList({ q: 'trashed = false' });
  const failed = createFailedRoots();
  const addressOf = (id: string) => `https://drive.google.com/drive/folders/${id}`;
  for (const id of roots.sharedDrives) yield* failed.list(id, addressOf(id), takeDrive(id));
  for (const id of roots.folders) yield* failed.list(id, addressOf(id), takeFolder(id));
  // Shortcuts may have led to folders outside the roots.
  yield* takeFolders();
  if (faults > 0) throw new SourceError('lists files in a form that cannot be read');
  const cursor = { fullAt: now.toISOString(), tokens, folders: [...folders], links };
  return yield* failed.end({ cursor, covers: 'all' });
}

/** The folders that exist. The others are reported when they are listed. */
async function findFolders(drive: Drive, ids: readonly string[]): Promise<ReadonlyMap<string, DriveFile>> {
  const found = new Map<string, DriveFile>();
  for (const id of ids) {
    const folder = await rootFolder(drive, id).catch((error: unknown) => {
      if (error instanceof SourceError && !(error instanceof SourceUnavailable)) return null;
      throw error;
    });
    if (folder !== null) found.set(id, folder);
  }
  return found;
}

/** @param id of a folder; `root` is My Drive. @throws {SourceError} if it does not exist */
export async function rootFolder(drive: Drive, id: string): Promise<DriveFile> {
  const reply = await drive.getJson(`files/${id}`, { fields: fileFields });
  const folder = readDriveFile(reply);
  if (reply === 'gone' || folder?.trashed) {
    throw new SourceError(`the folder ${id} does not exist or is not shared with the account`);
  }
  if (folder?.mimeType !== folderType) throw new SourceError(`${id} is not a folder`);
  return folder;
}

export function listQuery(query: Readonly<Record<string, string>>, token: string | null): Record<string, string> {
  return {
    ...query,
    fields: `nextPageToken,incompleteSearch,files(${fileFields})`,
    pageSize: '1000',
    includeItemsFromAllDrives: 'true',
    ...(token !== null && { pageToken: token }),
  };
}

/** Null: the shared drive does not exist, which its listing reports. */
async function startToken(drive: Drive, feed: string): Promise<string | null> {
  const reply = await drive.getJson('changes/startPageToken', feed === ownFeed ? {} : { driveId: feed });
  const token = typeof reply === 'object' && reply !== null && 'startPageToken' in reply ? reply.startPageToken : null;
  if (typeof token === 'string' && token !== '') return token;
  if (reply === 'gone' && feed !== ownFeed) return null;
  throw new SourceError('did not return a token for its changes');
}
