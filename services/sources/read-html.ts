/** HTML → blocks: the content of a page, without the chrome around it. */
import { load } from 'cheerio';
import type { Extracted } from './block.ts';
import { foldSpace } from './fold-space.ts';
import { collectBlocks } from './html-blocks.ts';

/** The encoding that an HTML or XHTML file names in its first kilobytes; null where it names none. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const named =
    /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i.exec(start) ?? /^<\?xml[^>]*?encoding=["']([\w-]+)/.exec(start);
  return named?.[1] ?? null;
}

/** @param html the whole page or a fragment of one */
export function readHtml(html: string): Extracted {
  const $ = load(html);
  const title = foldSpace($('head > title').first().text());
  const main = collectBlocks($('main, [role=main]')[0]);
  return { title: title === '' ? null : title, blocks: main.length > 0 ? main : collectBlocks($('body')[0]) };
}
