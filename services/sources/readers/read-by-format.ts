/** Reads what was fetched by its format: the one place that knows the reader of each. */
import type { Extracted } from '../text/block.ts';
import { readSrt, readVtt } from './captions/read-captions.ts';
import type { BinaryFormat, TextFormat } from './formats.ts';
import { readHtml } from './html/read-html.ts';
import { readDocx } from './office/read-docx.ts';
import { readPptx } from './office/read-pptx.ts';
import { readXlsx } from './office/read-xlsx.ts';
import { readPdf } from './pdf/read-pdf.ts';
import { readEpub } from './read-epub.ts';
import { readMarkdown } from './read-markdown.ts';
import { readText } from './read-text.ts';

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
