/** HTML → blocks: the content of a page, without the chrome around it. */
import { load } from 'cheerio';
import type { Extracted } from '../../text/block.ts';
import { foldSpace } from '../../text/fold-space.ts';
import { collectBlocks } from './html-blocks.ts';

/** @param html the whole page or a fragment of one */
export function readHtml(html: string): Extracted {
  const $ = load(html);
  const title = foldSpace($('head > title').first().text());
  const main = collectBlocks($('main, [role=main]')[0]);
  return { title: title === '' ? null : title, blocks: main.length > 0 ? main : collectBlocks($('body')[0]) };
}
