/** The text of a caption: its lines without markup, joined as its language joins them. */
import { isCjk } from '../../text/fold-space.ts';

export type Caption = {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  /** One line, without markup, never empty. */
  readonly text: string;
  /** Who says it, as the captions name it; absent where they do not. */
  readonly speaker?: string;
};

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  quot: '"',
  lrm: '',
  rlm: '',
};
/** Sounds: [Music], （拍手）, ♪. */
const noise = /^(?:\[[^\]]*\]|\([^)]*\)|（[^）]*）|［[^］]*］|【[^】]*】|[♪♫\s])+$/;

/** The speaker of a voice tag: `<v Roger Bingham>`. */
export function speakerOf(marked: string): string | undefined {
  return /<v(?:\.[\w.-]+)?\s+([^>]{1,80})>/.exec(marked)?.[1]?.trim();
}

/** One line; empty where nothing is said. */
export function captionText(marked: string): string {
  return marked
    .split('\n')
    .map((line) =>
      line
        .replace(/<rt>[^<]*<\/rt>/g, '')
        .replace(/<[^<>]*>/g, '')
        .replace(/&(?:#(\d{1,7})|([a-z]{2,4}));/g, (all, code, name) => character(code) ?? entities[name] ?? all)
        .replace(/^\s*>>\s*/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '' && !noise.test(line))
    .reduce(joinSpoken, '');
}

function character(code: string | undefined): string | undefined {
  return code !== undefined && Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : undefined;
}

/** Japanese without a gap, anything else with a space. */
export function joinSpoken(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
  return before + (isCjk(lastOf(before)) && isCjk(firstOf(after)) ? '' : ' ') + after;
}

export const firstOf = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 32);
export const lastOf = (text: string): string => [...text.slice(-2)].at(-1) ?? ' ';
