/** How a file of Google Drive is read, by its kind: exported, downloaded, or not at all. */
import { extname } from 'node:path';
import { type Format, formats, knownFormats } from '../formats.ts';

export type Reading =
  | { readonly way: 'export'; readonly mimeType: string; readonly format: Format }
  | { readonly way: 'download'; readonly format: Format }
  /** There is text in it, but it is not read. */
  | { readonly way: 'none'; readonly reason: string };

const exported: Readonly<Record<string, Reading>> = {
  'application/vnd.google-apps.document': { way: 'export', mimeType: 'text/html', format: 'html' },
  'application/vnd.google-apps.presentation': { way: 'export', mimeType: 'text/plain', format: 'text' },
};

const downloaded: Readonly<Record<string, Format>> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/epub+zip': 'epub',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
};

const instead = 'save it as a PDF or as a document of Google';
const unread: readonly (readonly [RegExp, string])[] = [
  [
    /google-apps\.spreadsheet|spreadsheetml|ms-excel|opendocument\.spreadsheet|^text\/csv/,
    `is a spreadsheet, which is not read; ${instead}`,
  ],
  [
    /presentationml|ms-powerpoint|opendocument\.presentation/,
    `is a presentation of a format that is not read; ${instead}`,
  ],
  [
    /msword|opendocument\.text|rtf|wordperfect|iwork|application\/vnd\.apple\./,
    `is of no format that is read: ${knownFormats}; ${instead}`,
  ],
];

/** Null: a kind that holds no text to speak of. The kind that Drive tells wins over the name. */
export function readingOf({ name, mimeType }: { readonly name: string; readonly mimeType: string }): Reading | null {
  const told = exported[mimeType];
  if (told) return told;
  const none = unread.find(([kind]) => kind.test(mimeType));
  if (none) return { way: 'none', reason: none[1] };
  const named = formats[extname(name).toLowerCase()];
  // Markdown is uploaded as plain text or as bytes of no kind.
  const byName = mimeType === 'text/plain' || mimeType === 'application/octet-stream' ? named : undefined;
  const format = downloaded[mimeType] ?? byName ?? (mimeType === 'text/plain' ? 'text' : undefined);
  return format === undefined ? null : { way: 'download', format };
}
