/** Converts a file of the Google Drive API to an item. */
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

/** The fields of a file to request from the API. */
export const fileFields = Object.keys(driveFile.shape).join(',');

/** `held` of an item; null: the file does not match the schema. */
export type HeldFile = DriveFile | null;

export const folderType = 'application/vnd.google-apps.folder';
export const shortcutType = 'application/vnd.google-apps.shortcut';

/** Null: it does not match the schema. */
export function readDriveFile(reply: unknown): DriveFile | null {
  return driveFile.safeParse(reply).data ?? null;
}

/** The id of a file that does not match the schema; null: it has no valid id. */
export function idOf(reply: unknown): string | null {
  return driveFile.pick({ id: true }).safeParse(reply).data?.id ?? null;
}

/** Null: the type has no text, such as images and videos. */
export function fileItem(file: DriveFile): ListedItem | null {
  const { id, name, mimeType, modifiedTime } = file;
  if (readingOf(file) === null) return null;
  // A checksum does not change when the file is only opened or shared.
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
