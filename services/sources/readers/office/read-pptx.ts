/** Presentations of PowerPoint (.pptx) → blocks, slide by slide; the number of the slide is the page. */
import type { XmlDocument } from '@rgrove/parse-xml';
import type { Block, Extracted } from '../../text/block.ts';
import { createLeftOutCounter } from '../../text/left-out.ts';
import { createTextBudget } from '../text-budget.ts';
import { elementsNamed } from '../xml-elements.ts';
import { openPackage, relationId } from './open-package.ts';
import { slideText } from './slide-blocks.ts';
import { parsePart } from './xml-parts.ts';

const kind = { name: 'a PowerPoint presentation', type: 'presentationml', extension: '.pptx' };

/** Hidden slides are left out, and count as pages as they do in PowerPoint. @throws {SourceError} */
export async function readPptx(bytes: Uint8Array): Promise<Extracted> {
  const { main, part, relations } = await openPackage(bytes, kind);
  const paths = new Map(relations(main).map(({ id, target }) => [id, target]));
  const layouts = new Map<string, XmlDocument>();
  const budget = createTextBudget();
  const leftOut = createLeftOutCounter();
  const blocks: Block[] = [];
  let title: string | null = null;
  const [list] = elementsNamed(parsePart(part(main)), 'sldIdLst');
  for (const [at, entry] of (list ? elementsNamed(list, 'sldId') : []).entries()) {
    const path = paths.get(relationId(entry) ?? '');
    if (path === undefined) continue;
    const slide = parsePart(part(path));
    if (/^(0|false)$/.test(slide.root?.attributes.show ?? '')) {
      leftOut.add('hidden parts', at + 1);
      continue;
    }
    const leads = relations(path);
    const notes = leads.find((each) => each.kind === 'notesSlide');
    const layout = leads.find((each) => each.kind === 'slideLayout');
    const diagrams = leads.filter((each) => each.kind === 'diagramData');
    const text = slideText(
      {
        slide,
        diagrams: new Map(diagrams.map(({ id, target }) => [id, parsePart(part(target))])),
        notes: notes ? parsePart(part(notes.target)) : null,
        layout: layout ? layoutOf(layout.target) : null,
      },
      at + 1,
    );
    if (text.blocks.length === 0) leftOut.add('pages without text', at + 1);
    for (const block of text.blocks) budget.spendText(block.text);
    title ??= text.title;
    const isFirst = !blocks.some((block) => block.kind === 'heading');
    blocks.push(...text.blocks.filter((block) => !isFirst || block.text !== ''));
  }
  return { title, blocks, ...leftOut.report() };

  /** Slides share their layouts, which are parsed once. */
  function layoutOf(target: string): XmlDocument {
    const parsed = layouts.get(target) ?? parsePart(part(target));
    layouts.set(target, parsed);
    return parsed;
  }
}
