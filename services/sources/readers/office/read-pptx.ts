/** Presentations of PowerPoint (.pptx) → blocks, slide by slide; the number of the slide is the page. */
import type { Block, Extracted } from '../../text/block.ts';
import { elementsNamed } from '../xml-elements.ts';
import { openPackage, relationId } from './open-package.ts';
import { parsePart } from './parse-part.ts';
import { slideText } from './slide-blocks.ts';
import { createTextBudget } from './text-budget.ts';

const kind = { name: 'a PowerPoint presentation', type: 'presentationml', extension: '.pptx' };

/** Hidden slides count, as they do in PowerPoint, and are left out. @throws {SourceError} */
export async function readPptx(bytes: Uint8Array): Promise<Extracted> {
  const { main, part, relations } = await openPackage(bytes, kind);
  const paths = new Map(relations(main).map(({ id, target }) => [id, target]));
  const budget = createTextBudget();
  const blocks: Block[] = [];
  let title: string | null = null;
  const [list] = elementsNamed(parsePart(part(main)), 'sldIdLst');
  for (const [at, entry] of (list ? elementsNamed(list, 'sldId') : []).entries()) {
    const path = paths.get(relationId(entry) ?? '');
    if (path === undefined) continue;
    const slide = parsePart(part(path));
    if (/^(0|false)$/.test(slide.root?.attributes.show ?? '')) continue;
    const leads = relations(path);
    const notes = leads.find((each) => each.kind === 'notesSlide');
    const diagrams = leads.filter((each) => each.kind === 'diagramData');
    const text = slideText(
      {
        slide,
        diagrams: new Map(diagrams.map(({ id, target }) => [id, parsePart(part(target))])),
        notes: notes ? parsePart(part(notes.target)) : null,
      },
      at + 1,
    );
    for (const block of text.blocks) budget.spendText(block.text);
    title ??= text.title;
    blocks.push(...text.blocks);
  }
  return { title, blocks };
}
