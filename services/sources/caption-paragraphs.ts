/** Captions → paragraphs of whole sentences, each with the second at which it begins, long enough for a passage. */
import type { Paragraph } from './block.ts';
import { withoutOverlap } from './caption-overlap.ts';
import { joinSpoken, lastOf } from './caption-text.ts';
import { isCjk } from './fold-space.ts';
import { passageSize, sizeOf } from './passage-size.ts';

export type Caption = {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  /** One line, without markup, never empty. */
  readonly text: string;
};

/** Columns after which a paragraph ends with its sentence: two of them are no passage together. */
const enough = 400;
/** Seconds of silence that end a paragraph which is long enough for a passage. */
const silence = 4;
/** Where fewer captions than one in so many hold the end of a sentence, nobody wrote them. */
const seldom = 12;

const stop = /(?:[。！？!?．]|[.…](?=["'”’)]{0,3}(?:\s|$)))["'”’)」』）]{0,3}/;
const afterStop = new RegExp(`(?<=${stop.source})(?!["'”’)」』）。！？!?．.…])`, 'u');

/** @param captions in the order of their beginnings */
export function captionParagraphs(captions: readonly Caption[]): readonly Paragraph[] {
  const spoken = withoutOverlap(captions);
  const punctuated = spoken.filter(({ text }) => stop.test(text)).length * seldom >= spoken.length;
  const paragraphs: Paragraph[] = [];
  let open: { second: number; text: string; end: number } | null = null;
  const close = () => {
    if (open !== null) paragraphs.push({ kind: 'paragraph', page: null, second: open.second, text: open.text });
    open = null;
  };
  for (const { start, end, text } of spoken) {
    for (const [at, piece] of text.split(afterStop).entries()) {
      const said: string = piece.trim();
      if (said === '') continue;
      if (open !== null) {
        const size = sizeOf(open.text);
        const pause = start - open.end >= silence && size >= passageSize.least;
        if (pause || size + sizeOf(said) > passageSize.most) close();
      }
      const before: string = open?.text ?? '';
      open = { second: open?.second ?? Math.floor(start), text: joined(before, said, at === 0), end };
      if (sizeOf(open.text) >= enough && stop.test(lastPart(said))) close();
    }
  }
  close();
  return paragraphs;

  /** Where no Japanese sentence shows its end, each caption is a line of its own: joined, they would be one word. */
  function joined(before: string, said: string, newCaption: boolean): string {
    return newCaption && !punctuated && before !== '' && isCjk(lastOf(before)) ? `${before}\n${said}` : joinSpoken(before, said);
  }
}

const lastPart = (text: string): string => text.slice(-5);
