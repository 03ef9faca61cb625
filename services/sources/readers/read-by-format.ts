/** Reads a document by its format: the one place that knows the reader of each format, and the limits of all. */
import type { Extracted } from '../text/block.ts';
import { refuseIncomplete } from '../text/left-out.ts';
import { readSrt, readVtt } from './captions/read-captions.ts';
import type { BinaryFormat, TextFormat } from './formats.ts';
import { readHtml } from './html/read-html.ts';
import { readAsciiDoc } from './markup/read-asciidoc.ts';
import { readMarkdown } from './markup/read-markdown.ts';
import { readRst } from './markup/read-rst.ts';
import { readPptx } from './office/read-pptx.ts';
import { readXlsx } from './office/read-xlsx.ts';
import { readDocx } from './office/word/read-docx.ts';
import { readPdf } from './pdf/read-pdf.ts';
import { readCsv } from './read-csv.ts';
import { readEpub } from './read-epub.ts';
import { readText } from './read-text.ts';
import { createTextBudget } from './text-budget.ts';

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
  rst: readRst,
  asciidoc: readAsciiDoc,
  text: readText,
  csv: readCsv,
  vtt: readVtt,
  srt: readSrt,
};

export type Readable =
  | {
      readonly format: BinaryFormat;
      readonly bytes: Uint8Array;
      /** Whether pages without text are for another reader, so that they are no reason to refuse the document. */
      readonly scannedPages?: boolean;
    }
  | { readonly format: TextFormat; readonly text: string };

/** @throws {SourceError} that says why it cannot be read, or that it holds more text than one document may */
export async function readByFormat(document: Readable): Promise<Extracted> {
  const extracted =
    'bytes' in document ? await ofBytes[document.format](document.bytes) : ofText[document.format](document.text);
  createTextBudget().spendBlocks(extracted.blocks);
  return 'bytes' in document && document.scannedPages === true ? extracted : refuseIncomplete(extracted);
}
