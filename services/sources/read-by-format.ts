/** Reads what was fetched by its format: the one place that knows the reader of each. */
import type { Extracted } from './block.ts';
import type { BinaryFormat, TextFormat } from './formats.ts';
import { readSrt, readVtt } from './read-captions.ts';
import { readDocx } from './read-docx.ts';
import { readEpub } from './read-epub.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readPdf } from './read-pdf.ts';
import { readPptx } from './read-pptx.ts';
import { readText } from './read-text.ts';
import { readXlsx } from './read-xlsx.ts';

const ofBytes: Readonly<Record<BinaryFormat, (bytes: Uint8Array) => Promise<Extracted>>> = {
  pdf: readPdf,
  docx: readDocx,
  xlsx: readXlsx,
  pptx: readPptx,
  epub: readEpub,
};
const ofText: Readonly<Record<TextFormat, (text: string) => Extracted>> = {
  html: readHtml,
  markdown: readMarkdown,
  text: readText,
  vtt: readVtt,
  srt: readSrt,
};

export type Readable =
  | { readonly format: BinaryFormat; readonly bytes: Uint8Array }
  | { readonly format: TextFormat; readonly text: string };

/** @throws {SourceError} that says why it cannot be read */
export async function readByFormat(given: Readable): Promise<Extracted> {
  return 'bytes' in given ? ofBytes[given.format](given.bytes) : ofText[given.format](given.text);
}
