/** The supported formats, by file extension. */

const binaryFormats = ['pdf', 'docx', 'xlsx', 'pptx', 'epub'] as const;
export type BinaryFormat = (typeof binaryFormats)[number];
export type TextFormat = 'markdown' | 'rst' | 'asciidoc' | 'text' | 'html' | 'csv' | 'vtt' | 'srt';
/** What only a document server reads. */
const serverFormats = ['odt', 'ods', 'odp', 'rtf', 'doc', 'xls', 'ppt', 'scan'] as const;
export type ServerFormat = (typeof serverFormats)[number];
export type Format = TextFormat | BinaryFormat | ServerFormat;

const formats: Readonly<Record<string, Exclude<Format, ServerFormat> | undefined>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.mdx': 'markdown',
  '.rst': 'rst',
  '.adoc': 'asciidoc',
  '.asciidoc': 'asciidoc',
  '.txt': 'text',
  '.text': 'text',
  '.html': 'html',
  '.htm': 'html',
  '.xhtml': 'html',
  '.csv': 'csv',
  '.pdf': 'pdf',
  '.docx': 'docx',
  '.xlsx': 'xlsx',
  '.pptx': 'pptx',
  '.epub': 'epub',
  '.vtt': 'vtt',
  '.srt': 'srt',
};

const formatsOfServer: Readonly<Record<string, ServerFormat | undefined>> = {
  '.odt': 'odt',
  '.ods': 'ods',
  '.odp': 'odp',
  '.rtf': 'rtf',
  '.doc': 'doc',
  '.docm': 'doc',
  '.xls': 'xls',
  '.xlsm': 'xls',
  '.xlsb': 'xls',
  '.ppt': 'ppt',
  '.pptm': 'ppt',
  // Scanners write these. Other pictures in folders are mostly illustrations.
  '.tif': 'scan',
  '.tiff': 'scan',
};

export const knownFormats =
  'Markdown (.md, .mdx), reStructuredText (.rst), AsciiDoc (.adoc), plain text (.txt), HTML (.html), CSV (.csv), PDF (.pdf), Word (.docx), Excel (.xlsx), PowerPoint (.pptx), EPUB (.epub) and captions (.vtt, .srt)';

/** Whether it is read from its bytes; else from its text. */
export function isBinary(format: Format): format is BinaryFormat {
  return binaryFormats.some((each) => each === format);
}

export function isServerFormat(format: Format): format is ServerFormat {
  return serverFormats.some((each) => each === format);
}

/** @param extension with its dot @param withServer whether a document server is configured @returns undefined: it is not read */
export function formatOf(extension: string, withServer: boolean): Format | undefined {
  const known = extension.toLowerCase();
  return formats[known] ?? (withServer ? formatsOfServer[known] : undefined);
}

/** Why a file of that extension is not read, as a message; null: it is read. */
export function whyNotRead(extension: string, withServer: boolean): string | null {
  if (formatOf(extension, withServer) !== undefined) return null;
  const known = extension.toLowerCase();
  const instead = currentOfficeFormat[known];
  if (instead !== undefined) return `has macros or a format older than 2007; save it as ${instead}`;
  return formatsOfServer[known] === undefined
    ? `is none of ${knownFormats}`
    : 'is read by a document server only; set DOCUMENT_SERVER_URL';
}

const currentOfficeFormat: Readonly<Record<string, string | undefined>> = {
  '.doc': '.docx',
  '.docm': '.docx',
  '.xls': '.xlsx',
  '.xlsm': '.xlsx',
  '.xlsb': '.xlsx',
  '.ppt': '.pptx',
  '.pptm': '.pptx',
};
