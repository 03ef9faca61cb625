/** The formats that are read, by the names that files have. */

export type Format = 'markdown' | 'text' | 'html' | 'pdf' | 'docx' | 'epub';

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
  '.epub': 'epub',
};
export const knownFormats =
  'Markdown (.md), plain text (.txt), HTML (.html), PDF (.pdf), Word (.docx) and EPUB (.epub)';
