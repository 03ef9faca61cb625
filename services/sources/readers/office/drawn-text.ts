/** Text in shapes, as slides and the drawings on sheets hold it (DrawingML). */
import { XmlElement } from '@rgrove/parse-xml';
import { foldSpace, hardBreak } from '../../text/fold-space.ts';
import { localName, outermostNamed } from '../xml-elements.ts';

/** Its paragraphs, those without text left out. */
export function paragraphsOf(shape: XmlElement): readonly string[] {
  return outermostNamed(shape, 'p')
    .map(paragraphText)
    .filter((text) => text !== '');
}

function paragraphText(paragraph: XmlElement): string {
  let text = '';
  for (const run of paragraph.children) {
    if (!(run instanceof XmlElement)) continue;
    const name = localName(run);
    if (name === 'br') text += hardBreak;
    // The number of the slide and today's date.
    else if (name === 'fld' && /^(slidenum|datetime)/.test(run.attributes.type ?? '')) continue;
    else for (const each of outermostNamed(run, 't')) text += each.text;
  }
  return foldSpace(text);
}
