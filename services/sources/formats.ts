/** The formats that are read, by the names that files have. */

export type Format = 'markdown' | 'text' | 'html' | 'pdf' | 'docx' | 'epub' | 'vtt' | 'srt';

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
  '.vtt': 'vtt',
  '.srt': 'srt',
};
export const knownFormats =
  'Markdown (.md), plain text (.txt), HTML (.html), PDF (.pdf), Word (.docx), EPUB (.epub) and captions (.vtt, .srt)';
