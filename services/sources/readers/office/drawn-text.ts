/** Text in shapes, as slides and drawings on sheets hold it (DrawingML). */
import { XmlElement } from '@rgrove/parse-xml';
import { foldSpace, hardBreak } from '../../text/fold-space.ts';
import { letterNumber, romanNumber, subscript, superscript } from '../html/inline.ts';
import { childNamed, localName, outermostNamed } from '../xml-elements.ts';
import { equationText } from './equations.ts';

/** Its paragraphs with their automatic numbers, without empty ones. */
export function paragraphsOf(shape: XmlElement): readonly string[] {
  /** By level: the style of the numbers, and the last one. */
  const counts: ({ readonly type: string; value: number } | undefined)[] = [];
  return outermostNamed(shape, 'p').flatMap((paragraph) => {
    const text = paragraphText(paragraph);
    if (text === '') return [];
    const properties = childNamed(paragraph, 'pPr');
    const level = Number(properties?.attributes.lvl ?? 0);
    const numbered = properties && childNamed(properties, 'buAutoNum');
    counts.length = Math.min(counts.length, level + 1);
    if (!numbered) {
      counts[level] = undefined;
      return [text];
    }
    const { type = 'arabicPeriod', startAt } = numbered.attributes;
    const before = counts[level];
    const value = before?.type === type ? before.value + 1 : Number(startAt ?? 1);
    counts[level] = { type, value };
    return [`${automaticNumber(value, type)} ${text}`];
  });
}

function automaticNumber(value: number, type: string): string {
  const number = /^alphaLc/.test(type)
    ? letterNumber(value)
    : /^alphaUc/.test(type)
      ? letterNumber(value).toUpperCase()
      : /^romanLc/.test(type)
        ? romanNumber(value).toLowerCase()
        : /^romanUc/.test(type)
          ? romanNumber(value)
          : /^circle/.test(type) && value <= 20
            ? String.fromCharCode(0x245f + value)
            : String(value);
  if (/ParenBoth$/.test(type)) return `(${number})`;
  return /ParenR$/.test(type) ? `${number})` : /^circle|Plain$/.test(type) ? number : `${number}.`;
}

function paragraphText(paragraph: XmlElement): string {
  let text = '';
  for (const run of paragraph.children) {
    if (!(run instanceof XmlElement)) continue;
    const name = localName(run);
    if (name === 'br') text += hardBreak;
    // The number of the slide and today's date.
    else if (name === 'fld' && /^(slidenum|datetime)/.test(run.attributes.type ?? '')) continue;
    else text += runText(run);
  }
  return foldSpace(text);
}

function runText(run: XmlElement): string {
  const equations = outermostNamed(run, 'oMath');
  if (equations.length > 0) return ` ${equations.map(equationText).join(' ')} `;
  const properties = childNamed(run, 'rPr')?.attributes;
  // What is struck out is not valid.
  if (/Strike$/.test(properties?.strike ?? '') && properties?.strike !== 'noStrike') return '';
  const text = outermostNamed(run, 't')
    .map((each) => each.text)
    .join('');
  const baseline = Number.parseInt(properties?.baseline ?? '0', 10);
  return baseline > 0 ? superscript(text) : baseline < 0 ? subscript(text) : text;
}
