/** The supported formats, by file extension. */

const binaryFormats = ['pdf', 'docx', 'xlsx', 'pptx', 'epub'] as const;
export type BinaryFormat = (typeof binaryFormats)[number];
export type TextFormat = 'markdown' | 'rst' | 'asciidoc' | 'text' | 'html' | 'csv' | 'vtt' | 'srt';
export type Format = TextFormat | BinaryFormat;

export const formats: Readonly<Record<string, Format | undefined>> = {
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
export const knownFormats =
  'Markdown (.md, .mdx), reStructuredText (.rst), AsciiDoc (.adoc), plain text (.txt), HTML (.html), CSV (.csv), PDF (.pdf), Word (.docx), Excel (.xlsx), PowerPoint (.pptx), EPUB (.epub) and captions (.vtt, .srt)';

/** Whether it is read from its bytes; else from its text. */
export function isBinary(format: Format): format is BinaryFormat {
  return binaryFormats.some((each) => each === format);
}

/** Why a file of that extension is not read, as a message; null: it is read. */
export function whyNotRead(extension: string): string | null {
  const known = extension.toLowerCase();
  if (formats[known] !== undefined) return null;
  const instead = currentOfficeFormat[known];
  return instead === undefined
    ? `is none of ${knownFormats}`
    : `has macros or a format older than 2007; save it as ${instead}`;
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
