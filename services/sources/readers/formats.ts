/** The formats that are read, by the names that files have. */

const binaryFormats = ['pdf', 'docx', 'xlsx', 'pptx', 'epub'] as const;
export type BinaryFormat = (typeof binaryFormats)[number];
export type TextFormat = 'markdown' | 'text' | 'html' | 'vtt' | 'srt';
export type Format = TextFormat | BinaryFormat;

export const formats: Readonly<Record<string, Format | undefined>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'text',
  '.text': 'text',
  '.html': 'html',
  '.htm': 'html',
  '.xhtml': 'html',
  '.pdf': 'pdf',
  '.docx': 'docx',
  '.xlsx': 'xlsx',
  '.pptx': 'pptx',
  '.epub': 'epub',
  '.vtt': 'vtt',
  '.srt': 'srt',
};
export const knownFormats =
  'Markdown (.md), plain text (.txt), HTML (.html), PDF (.pdf), Word (.docx), Excel (.xlsx), PowerPoint (.pptx), EPUB (.epub) and captions (.vtt, .srt)';

/** Whether it is read from its bytes; else from its text. */
export function isBinary(format: Format): format is BinaryFormat {
  return binaryFormats.some((each) => each === format);
}

/** Why a file of that name is not read, for a person; null: it is. */
export function whyNotRead(extension: string): string | null {
  const known = extension.toLowerCase();
  if (formats[known] !== undefined) return null;
  const instead = officeToday[known];
  return instead === undefined
    ? `is none of ${knownFormats}`
    : `may hold macros, or is of before 2007; save it as ${instead}`;
}

const officeToday: Readonly<Record<string, string | undefined>> = {
  '.doc': '.docx',
  '.docm': '.docx',
  '.xls': '.xlsx',
  '.xlsm': '.xlsx',
  '.xlsb': '.xlsx',
  '.ppt': '.pptx',
  '.pptm': '.pptx',
};
