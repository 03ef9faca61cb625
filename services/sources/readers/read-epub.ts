/** E-books (EPUB 2 and 3) → blocks, chapter by chapter in reading order. */
import { posix } from 'node:path';
import { parseXml, type XmlDocument } from '@rgrove/parse-xml';
import { SourceError } from '../source-error.ts';
import type { Block, Extracted } from '../text/block.ts';
import { declaredEncoding, decodeText } from '../text/decode-text.ts';
import { foldSpace } from '../text/fold-space.ts';
import { createLeftOutCounter } from '../text/left-out.ts';
import { readHtml } from './html/read-html.ts';
import { readZip } from './read-zip.ts';
import { createTextBudget } from './text-budget.ts';
import { elementsNamed } from './xml-elements.ts';

const pages = new Set(['application/xhtml+xml', 'text/html', 'application/x-dtbook+xml']);

/** @throws {SourceError} */
export async function readEpub(bytes: Uint8Array): Promise<Extracted> {
  const files = await readZip(bytes);
  const read = (path: string): Uint8Array => {
    const file = files.get(path);
    if (file === undefined) throw new SourceError('is not a complete e-book: a file that it names is missing');
    return file;
  };
  const container = xml(read('META-INF/container.xml'));
  const packagePath = elementsNamed(container, 'rootfile')[0]?.attributes['full-path'];
  if (packagePath === undefined) throw new SourceError('is not an e-book: it does not say where its contents are');
  refuseProtected(files.get('META-INF/encryption.xml'));
  const contents = xml(read(packagePath));
  const manifest = new Map(elementsNamed(contents, 'item').map(({ attributes }) => [attributes.id, attributes]));
  const blocks: Block[] = [];
  const leftOut = createLeftOutCounter();
  const budget = createTextBudget();
  let chapters = 0;
  for (const { attributes } of elementsNamed(contents, 'itemref')) {
    const item = manifest.get(attributes.idref ?? '');
    if (item?.href === undefined || !pages.has(item['media-type'] ?? '')) continue;
    // The table of contents repeats the headings.
    if (item.properties?.split(/\s+/).includes('nav')) {
      leftOut.add('table of contents');
      continue;
    }
    chapters++;
    const page = files.get(posix.join(posix.dirname(packagePath), decodePath(item.href)));
    const chapter = page && readChapter(page);
    if (!chapter) {
      leftOut.add('unread parts');
      continue;
    }
    leftOut.addAll(chapter.leftOut);
    budget.spendBlocks(chapter.blocks);
    for (const block of chapter.blocks) blocks.push(block);
  }
  const title = foldSpace(elementsNamed(contents, 'title')[0]?.text ?? '');
  const language = elementsNamed(contents, 'language')[0]?.text.trim().toLowerCase() ?? '';
  return {
    title: title === '' ? null : title,
    blocks,
    ...leftOut.report({ 'unread parts': chapters }),
    ...(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(language) && { language }),
  };
}

/** Null: it is no text. */
function readChapter(page: Uint8Array): Extracted | null {
  try {
    return readHtml(decodeText(page, declaredEncoding(page)));
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

function xml(bytes: Uint8Array): XmlDocument {
  try {
    return parseXml(decodeText(bytes));
  } catch (error) {
    throw error instanceof SourceError
      ? error
      : new SourceError('is not a complete e-book: it is damaged', { cause: error });
  }
}

/** Fonts are often scrambled, which does not affect the text. */
function refuseProtected(encryption: Uint8Array | undefined): void {
  if (encryption === undefined) return;
  const hidden = elementsNamed(xml(encryption), 'CipherReference').map(({ attributes }) => attributes.URI ?? '');
  if (hidden.some((path) => /\.(x?html?|xml)$/i.test(path))) {
    throw new SourceError('is protected by DRM; use a copy without it');
  }
}

function decodePath(href: string): string {
  try {
    return decodeURIComponent(href.split('#', 1)[0] ?? '');
  } catch {
    return href;
  }
}
