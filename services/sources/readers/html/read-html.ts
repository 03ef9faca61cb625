/** HTML → blocks: the content of a page, without the furniture around it. */
import { type CheerioAPI, load } from 'cheerio';
import type { Element } from 'domhandler';
import type { Block, Extracted } from '../../text/block.ts';
import { foldSpace } from '../../text/fold-space.ts';
import { createLeftOutCounter } from '../../text/left-out.ts';
import { collectBlocks } from './blocks.ts';
import { findTabs } from './tabs.ts';

/** @param html the whole page or a fragment of one */
export function readHtml(html: string): Extracted {
  const $ = load(html);
  const title = foldSpace($('head > title').first().text());
  const leftOut = createLeftOutCounter();
  const context = { leftOut, tabs: findTabs($, html), controlled: controlledIds($, html) };
  const mains = $('main, [role=main]')
    .toArray()
    .filter((each) => !isHidden(each));
  const main = mains[0];
  let blocks: readonly Block[] = main === undefined ? [] : collectBlocks(main, { ...context, withinContent: true });
  if (blocks.length > 0) {
    const around = collectBlocks($('body')[0], {
      ...context,
      leftOut: createLeftOutCounter(),
      withinContent: false,
      except: main,
    });
    if (around.length > 0) leftOut.add('page furniture', null, around.length);
  } else blocks = collectBlocks($('body')[0], { ...context, withinContent: false });
  return { title: title === '' ? null : title, blocks, ...leftOut.report() };
}

/** Pages that switch between views hold several main parts, of which one is shown. */
const isHidden = ({ attribs }: Element): boolean => 'hidden' in attribs;

function controlledIds($: CheerioAPI, html: string): ReadonlySet<string> {
  const ids = new Set<string>();
  if (!/aria-controls|data-(?:bs-)?target|aria-expanded/.test(html)) return ids;
  for (const { attribs } of $('[aria-controls], [data-target], [data-bs-target], [aria-expanded]').toArray()) {
    const { 'aria-controls': controls = '', 'data-target': target, 'data-bs-target': bootstrap, href } = attribs;
    for (const id of controls.split(/\s+/)) ids.add(id);
    for (const id of [target, bootstrap, href]) if (id?.startsWith('#')) ids.add(id.slice(1));
  }
  ids.delete('');
  return ids;
}
