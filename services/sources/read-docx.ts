/** Word documents (.docx) → blocks. */
import type { Extracted } from './block.ts';
import { readHtml } from './read-html.ts';
import { readZip } from './read-zip.ts';
import { SourceError } from './source-error.ts';

/** Its library puts styles into HTML as what they mean, so headings, lists and tables go the way of HTML files. @throws {SourceError} */
export async function readDocx(bytes: Uint8Array): Promise<Extracted> {
  // For its limits: the library unpacks whatever it is given.
  const files = await readZip(bytes);
  if (!files.has('[Content_Types].xml')) throw new SourceError('is not a Word document');
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
