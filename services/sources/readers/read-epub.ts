/** E-books (EPUB 2 and 3) → blocks, chapter by chapter in reading order. */
import { posix } from 'node:path';
import { parseXml, type XmlDocument } from '@rgrove/parse-xml';
import { SourceError } from '../source-error.ts';
import type { Block, Extracted } from '../text/block.ts';
import { declaredEncoding } from '../text/declared-encoding.ts';
import { decodeText } from '../text/decode-text.ts';
import { foldSpace } from '../text/fold-space.ts';
import { readHtml } from './html/read-html.ts';
import { readZip } from './read-zip.ts';
import { elementsNamed } from './xml-elements.ts';

const pages = new Set(['application/xhtml+xml', 'text/html', 'application/x-dtbook+xml']);

/** @throws {SourceError} */
export async function readEpub(bytes: Uint8Array): Promise<Extracted> {
  const files = await readZip(bytes);
  const read = (path: string): Uint8Array => {
    const file = files.get(path);
    if (file === undefined) throw new SourceError('is not a whole e-book: a file that it names is missing');
    return file;
  };
  const container = xml(read('META-INF/container.xml'));
  const packagePath = elementsNamed(container, 'rootfile')[0]?.attributes['full-path'];
  if (packagePath === undefined) throw new SourceError('is not an e-book: it does not say where its contents are');
  refuseProtected(files.get('META-INF/encryption.xml'));
  const contents = xml(read(packagePath));
  const manifest = new Map(elementsNamed(contents, 'item').map(({ attributes }) => [attributes.id, attributes]));
  const blocks: Block[] = [];
  for (const { attributes } of elementsNamed(contents, 'itemref')) {
    const item = manifest.get(attributes.idref ?? '');
    // The table of contents repeats the headings; cover pages and the like are told as not linear.
    const isTurnedTo = attributes.linear !== 'no' && !item?.properties?.split(/\s+/).includes('nav');
    if (item?.href === undefined || !pages.has(item['media-type'] ?? '') || !isTurnedTo) continue;
    const page = read(posix.join(posix.dirname(packagePath), decodePath(item.href)));
    blocks.push(...readHtml(decodeText(page, declaredEncoding(page))).blocks);
  }
  const title = foldSpace(elementsNamed(contents, 'title')[0]?.text ?? '');
  const language = elementsNamed(contents, 'language')[0]?.text.trim().toLowerCase() ?? '';
  return {
    title: title === '' ? null : title,
    blocks,
    ...(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(language) && { language }),
  };
}

function xml(bytes: Uint8Array): XmlDocument {
  try {
    return parseXml(decodeText(bytes));
  } catch (error) {
    throw error instanceof SourceError
      ? error
      : new SourceError('is not a whole e-book: it is damaged', { cause: error });
  }
}

/** Fonts are often scrambled, which takes nothing from the text. */
function refuseProtected(encryption: Uint8Array | undefined): void {
  if (encryption === undefined) return;
  const hidden = elementsNamed(xml(encryption), 'CipherReference').map(({ attributes }) => attributes.URI ?? '');
  if (hidden.some((path) => /\.(x?html?|xml)$/i.test(path))) {
    throw new SourceError('is protected against being read by other programs');
  }
}

function decodePath(href: string): string {
  try {
    return decodeURIComponent(href.split('#', 1)[0] ?? '');
  } catch {
    return href;
  }
}
