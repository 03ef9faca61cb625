/** SOURCE google-drive: documents, PDFs and other files in folders or shared drives of Google Drive, or all that an account can see. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { refuseFailedRoot } from '../failed-roots.ts';
import { type Drive, openDrive, TooLargeToExport } from '../google/drive/drive-api.ts';
import { type ExportType, readingOf } from '../google/drive/drive-context.ts';
import type { DriveFile, HeldFile } from '../google/drive/drive-file.ts';
import { type Roots, wantsEverything } from '../google/drive/drive-memory.ts';
import { listFiles, listQuery, rootFolder } from '../google/drive/list-files.ts';
import { definePlugin, type Fetched, type SourceContext } from '../plugin.ts';
import { type Format, formatOf } from '../readers/formats.ts';
import { SourceError, SourceUnavailable, SourceUnreadable } from '../source-error.ts';
import { cleanText } from '../text/fold-space.ts';

type Config = Roots & { readonly subject: string | null; readonly fullListingHours: number };

/** Folders that a health check reads. */
const maxChecked = 20;
/** The response size limit of the HTTP client. Bytes. */
const maxBytes = 64 * 1024 * 1024;

export default definePlugin<Config>({
  version: '1.1.0',
  configuration: (z) => {
    const folder = z
      .string()
      .transform((text) => /\/folders\/([\w-]+)/.exec(text)?.[1] ?? text.trim())
      .refine((id) => /^[\w-]{1,200}$/.test(id), 'is neither the address of a folder nor its id');
    return z.strictObject({
      /** Including all subfolders. With neither folders nor drives: all files that the account can see. */
      folders: z.array(folder).max(200).default([]),
      sharedDrives: z.array(folder).max(200).default([]),
      /** The e-mail address of the user whom a service account with domain-wide delegation impersonates. */
      subject: z.email().nullable().default(null),
      /** Interval of full listings; in between, only changes are listed. Hours. */
      fullListingHours: z.number().min(0).max(720).default(24),
    });
  },
  metadata: { acquisitionMethod: 'api_fetch' },

  list(context, cursor) {
    const fullEveryMs = context.config.fullListingHours * 3_600_000;
    return listFiles(driveOf(context), context.config, cursor, { now: context.now(), fullEveryMs });
  },

  async fetch(item, context) {
    refuseFailedRoot(item);
    const file = item.held as HeldFile;
    if (file === null) throw new SourceError('has a form that cannot be read');
    const reading = readingOf(file);
    if (reading === null || reading.way === 'none') throw new SourceUnreadable(reading?.reason ?? 'holds no text');
    if (Number(file.size ?? 0) > maxBytes) {
      throw new SourceUnreadable(`is larger than ${maxBytes / 1024 / 1024} MB; split it`);
    }
    const got =
      reading.way === 'export'
        ? await exported(file, reading, context)
        : await downloaded(file, reading.format, context);
    if (got === 'gone') return 'gone';
    const title = titleOf(file);
    return { ...got, ...(title !== '' && { metadata: { title } }) };
  },

  search: (query, limit, { searchSynced }) => searchSynced(query, limit),

  async health(context) {
    const drive = driveOf(context);
    const { folders, sharedDrives } = context.config;
    const problems: SourceError[] = [];
    for (const id of folders.slice(0, maxChecked)) {
      await rootFolder(drive, id).catch((error: unknown) => {
        if (!(error instanceof SourceError) || error instanceof SourceUnavailable) throw error;
        problems.push(error);
      });
    }
    const [first] = problems;
    if (first !== undefined && problems.length === folders.length && sharedDrives.length === 0) throw first;
    if (first !== undefined) return { degraded: first.message };
    const driveId = sharedDrives[0];
    if (driveId === undefined && !wantsEverything(context.config)) return undefined;
    const reply = await drive.getJson('files', {
      ...listQuery({ q: 'trashed = false', ...(driveId !== undefined && { corpora: 'drive', driveId }) }, null),
      pageSize: '1',
    });
    if (reply === 'gone')
      throw new SourceError(`the shared drive ${driveId} does not exist or is not shared with the account`);
    return undefined;
  },
});

/** One client for each opened source, so that its token is requested once. */
const drives = new WeakMap<SourceContext<Config>, Drive>();

function driveOf(context: SourceContext<Config>): Drive {
  const drive = drives.get(context) ?? openDrive(context, context.config.subject);
  drives.set(context, drive);
  return drive;
}

async function exported(
  file: DriveFile,
  { as, smaller }: { readonly as: ExportType; readonly smaller?: ExportType },
  context: SourceContext<Config>,
): Promise<Fetched | 'gone'> {
  const { mimeType, format } = as;
  let bytes: Uint8Array | 'gone';
  try {
    bytes = await driveOf(context).download(`files/${file.id}/export`, { mimeType });
  } catch (error) {
    if (smaller === undefined || !(error instanceof TooLargeToExport)) throw error;
    return exported(file, { as: smaller }, context);
  }
  if (bytes === 'gone') return 'gone';
  // Each export has other image URLs, so the bytes would differ although the document is the same.
  const body =
    format === 'html' ? new TextDecoder().decode(bytes).replace(/(<img\b[^>]*?)\ssrc="[^"]*"/gi, '$1') : bytes;
  return { body, format };
}

/** @throws {SourceError} if the file differs from the listed one */
async function downloaded(file: DriveFile, format: Format, context: SourceContext<Config>): Promise<Fetched | 'gone'> {
  const bytes = await driveOf(context).download(`files/${file.id}`, { alt: 'media' });
  if (bytes === 'gone') return 'gone';
  const sum = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  const whole =
    file.sha256Checksum !== undefined
      ? sum('sha256') === file.sha256Checksum.toLowerCase()
      : file.md5Checksum !== undefined
        ? sum('md5') === file.md5Checksum.toLowerCase()
        : file.size === undefined || bytes.byteLength === Number(file.size);
  if (!whole)
    throw new SourceError('was truncated or changed during the download: its checksum differs from the listed one');
  // Editors of a file may state its rights: front matter overrides the metadata of the source.
  return { body: bytes, format, frontMatter: format === 'markdown' || format === 'text' };
}

function titleOf({ name }: DriveFile): string {
  const extension = extname(name);
  const bare = formatOf(extension, true) ? name.slice(0, -extension.length) : name;
  return cleanText(bare).trim().slice(0, 500);
}
