/** A file of Google Drive as its interface tells of it, and the item that it is. */
import { z } from 'zod';
import type { ListedItem } from '../../plugin.ts';
import { readingOf } from './drive-context.ts';

const driveFile = z.object({
  id: z.string().regex(/^[\w-]{1,200}$/),
  name: z.string(),
  mimeType: z.string().toLowerCase(),
  modifiedTime: z.iso.datetime({ offset: true }),
  createdTime: z.iso.datetime({ offset: true }).optional(),
  md5Checksum: z.string().optional(),
  sha256Checksum: z.string().optional(),
  size: z.string().regex(/^\d+$/).optional(),
  webViewLink: z.url({ protocol: /^https?$/ }).optional(),
  parents: z.array(z.string()).default([]),
  trashed: z.boolean().default(false),
  driveId: z.string().optional(),
  shortcutDetails: z
    .object({ targetId: z.string().regex(/^[\w-]+$/), targetMimeType: z.string().optional() })
    .optional(),
});
export type DriveFile = z.output<typeof driveFile>;

/** What the interface is asked for, of each file. */
export const fileFields = Object.keys(driveFile.shape).join(',');

/** What `held` is of such an item; null: it has a form that cannot be read. */
export type HeldFile = DriveFile | null;

export const folderType = 'application/vnd.google-apps.folder';
export const shortcutType = 'application/vnd.google-apps.shortcut';

/** Null: it is told in another form. */
export function readDriveFile(reply: unknown): DriveFile | null {
  return driveFile.safeParse(reply).data ?? null;
}

/** The id of what is told in another form; null: not even that. */
export function idOf(reply: unknown): string | null {
  return driveFile.pick({ id: true }).safeParse(reply).data?.id ?? null;
}

/** Null: of a kind that holds no text, such as pictures and films. */
export function fileItem(file: DriveFile): ListedItem | null {
  const { id, name, mimeType, modifiedTime } = file;
  if (readingOf(file) === null) return null;
  // Where bytes are told of, a file that was only opened or shared has not changed.
  const content = file.sha256Checksum ?? file.md5Checksum ?? modifiedTime;
  return {
    key: id,
    version: JSON.stringify([content, mimeType, name]),
    uri: file.webViewLink ?? addressOf(id),
    publishedAt: new Date(file.createdTime ?? modifiedTime),
    held: file satisfies HeldFile,
  };
}

export function brokenItem(id: string): ListedItem {
  return { key: id, version: null, uri: addressOf(id), held: null satisfies HeldFile };
}

function addressOf(id: string): string {
  return `https://drive.google.com/file/d/${id}/view`;
}
