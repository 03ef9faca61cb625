/** Word documents (.docx) → blocks. */

import { SourceError, SourceUnreadable } from '../../source-error.ts';
import type { Extracted } from '../../text/block.ts';
import { readHtml } from '../html/read-html.ts';
import { readZip } from '../read-zip.ts';

/** Bytes of XML, all parts together. Its library holds them as trees, which take a hundred times the memory and more. */
const mostXml = 16 * 1024 * 1024;

/** Its library puts styles into HTML as what they mean, so headings, lists and tables go the way of HTML files. @throws {SourceError} */
export async function readDocx(bytes: Uint8Array): Promise<Extracted> {
  // For its limits: the library unpacks whatever it is given.
  const files = await readZip(bytes);
  if (!files.has('[Content_Types].xml')) throw new SourceError('is not a Word document');
  refuseLarge(files);
  const { default: mammoth } = await import('mammoth');
  try {
    const images = mammoth.images.imgElement(async () => ({ src: '' }));
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes) },
      { convertImage: images, styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"] },
    );
    const extracted = readHtml(value);
    const first = extracted.blocks[0];
    return { title: first?.kind === 'heading' && first.level === 1 ? first.text : null, blocks: extracted.blocks };
  } catch (error) {
    throw new SourceError('is not a whole Word document: it is damaged or encrypted', { cause: error });
  }
}

/** Whatever their names: the library reads what the file says is its text. */
function refuseLarge(files: ReadonlyMap<string, Uint8Array>): void {
  let size = 0;
  for (const content of files.values()) if (isXml(content)) size += content.length;
  if (size > mostXml) {
    throw new SourceUnreadable(`holds more than ${mostXml / 1024 / 1024} MB of text and layout; split it`);
  }
}

/** And the mark that UTF-8 may begin with. */
const spaces = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);
function isXml(content: Uint8Array): boolean {
  return content.find((byte) => !spaces.has(byte)) === 0x3c;
}
