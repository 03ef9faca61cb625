/** Decides by MIME type how a file of Google Drive is read: exported, downloaded or not at all. */
import { extname } from 'node:path';
import { documentServer } from '../../readers/document-server.ts';
import { type Format, formatOf, knownFormats, type ServerFormat } from '../../readers/formats.ts';

export type Reading =
  | {
      readonly way: 'export';
      readonly as: ExportType;
      /** The format to request if the export exceeds Google's size limit. */
      readonly smaller?: ExportType;
    }
  | { readonly way: 'download'; readonly format: Format }
  /** It may contain text, but no reader supports it. */
  | { readonly way: 'none'; readonly reason: string };

/** One of https://developers.google.com/workspace/drive/api/guides/ref-export-formats. */
export type ExportType = { readonly mimeType: string; readonly format: Format };

const office = 'application/vnd.openxmlformats-officedocument';
const workbook = `${office}.spreadsheetml.sheet`;
const presentation = `${office}.presentationml.presentation`;

const exported: Readonly<Record<string, Reading>> = {
  'application/vnd.google-apps.document': { way: 'export', as: { mimeType: 'text/html', format: 'html' } },
  'application/vnd.google-apps.spreadsheet': { way: 'export', as: { mimeType: workbook, format: 'xlsx' } },
  'application/vnd.google-apps.presentation': {
    way: 'export',
    as: { mimeType: presentation, format: 'pptx' },
    // Without its pictures, and without the numbers of its slides.
    smaller: { mimeType: 'text/plain', format: 'text' },
  },
};

const downloaded: Readonly<Record<string, Format>> = {
  'application/pdf': 'pdf',
  [`${office}.wordprocessingml.document`]: 'docx',
  [workbook]: 'xlsx',
  [presentation]: 'pptx',
  'application/epub+zip': 'epub',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
};

const byServer: Readonly<Record<string, ServerFormat | undefined>> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'image/tiff': 'scan',
};

const instead = 'save it as a PDF or as a document of Google';
const unread: readonly (readonly [RegExp, string])[] = [
  [/macroenabled/, 'may hold macros; save it as .docx, .xlsx or .pptx without them'],
  [
    /spreadsheetml|ms-excel|opendocument\.spreadsheet|^text\/csv/,
    'is a spreadsheet of a format that is not read; save it as .xlsx or as a spreadsheet of Google',
  ],
  [
    /presentationml|ms-powerpoint|opendocument\.presentation/,
    'is a presentation of a format that is not read; save it as .pptx or as a presentation of Google',
  ],
  [
    /msword|opendocument\.text|rtf|wordperfect|iwork|application\/vnd\.apple\./,
    `is of no format that is read: ${knownFormats}; ${instead}`,
  ],
];

/** Null: the type has no text worth reading. The MIME type from Drive takes precedence over the file name. */
export function readingOf({ name, mimeType }: { readonly name: string; readonly mimeType: string }): Reading | null {
  const reply = exported[mimeType];
  if (reply) return reply;
  const format =
    downloaded[mimeType] ??
    (documentServer() === null ? undefined : byServer[mimeType]) ??
    formatByName(name, mimeType);
  if (format !== undefined) return { way: 'download', format };
  const none = unread.find(([kind]) => kind.test(mimeType));
  return none ? { way: 'none', reason: none[1] } : null;
}

/** Drive stores Markdown as plain text or as application/octet-stream. */
function formatByName(name: string, mimeType: string): Format | undefined {
  if (mimeType !== 'text/plain' && mimeType !== 'application/octet-stream') return undefined;
  return formatOf(extname(name), documentServer() !== null) ?? (mimeType === 'text/plain' ? 'text' : undefined);
}
