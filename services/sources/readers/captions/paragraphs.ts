/** Captions → paragraphs of whole sentences, each with the second at which it begins, long enough for a passage. */
import type { Paragraph } from '../../text/block.ts';
import { isCjk } from '../../text/fold-space.ts';
import { passageSize, sizeOf } from '../../text/passage-size.ts';
import { withoutOverlap } from './overlap.ts';
import { type Caption, joinSpoken, lastOf } from './text.ts';

/** Columns after which a paragraph ends with its sentence: two of them are no passage together. */
const enough = 400;
/** Seconds of silence that end a paragraph which is long enough for a passage. */
const silence = 4;
/** Where fewer captions than one in so many hold the end of a sentence, a machine made them. */
const seldom = 12;

const stop = /(?:[。！？!?．]|[.…](?=["'”’)]{0,3}(?:\s|$)))["'”’)」』）]{0,3}/;
const afterStop = new RegExp(`(?<=${stop.source})(?!["'”’)」』）。！？!?．.…])`, 'u');

type Draft = { readonly second: number; readonly speaker: string | undefined; text: string; end: number };

/** @param captions in the order of their beginnings */
export function captionParagraphs(captions: readonly Caption[]): readonly Paragraph[] {
  const spoken = withoutOverlap(captions);
  const punctuated = spoken.filter(({ text }) => stop.test(text)).length * seldom >= spoken.length;
  const drafts: Draft[] = [];
  for (const { start, end, text, speaker } of spoken) {
    for (const [at, piece] of text.split(afterStop).entries()) {
      const said = piece.trim();
      if (said === '') continue;
      const open = drafts.at(-1);
      if (open === undefined || (speaker !== undefined && speaker !== open.speaker) || !goesOn(open, start, said)) {
        const named = speaker !== undefined && speaker !== open?.speaker ? `${speaker}: ${said}` : said;
        drafts.push({ second: Math.floor(start), speaker: speaker ?? open?.speaker, text: named, end });
      } else {
        // Where no Japanese sentence shows its end, each caption is a line of its own: joined, they would be one word.
        const line = at === 0 && !punctuated && isCjk(lastOf(open.text));
        open.text = line ? `${open.text}\n${said}` : joinSpoken(open.text, said);
        open.end = end;
      }
    }
  }
  return drafts.map(({ second, text }) => ({ kind: 'paragraph', page: null, second, text }));
}

function goesOn({ text, end }: Draft, start: number, said: string): boolean {
  const size = sizeOf(text);
  if (size >= passageSize.least && start - end >= silence) return false;
  if (size >= enough && stop.test(text.slice(-5))) return false;
  return size + sizeOf(said) <= passageSize.most;
}
