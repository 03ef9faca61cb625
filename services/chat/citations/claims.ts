/** Reads an answer as claims: its sentences, each with the marks that stand for it. */
import { findMarks, type Mark, withoutMarks } from './marks.ts';
import { splitSentences } from './sentences.ts';

/** A mark and the part of its sentence that it stands behind: all since the mark before, for "A [1] and B [2]." */
type MarkedPart = { readonly mark: Mark; readonly part: string };

type Claim = {
  /** The sentence without its marks. */
  readonly text: string;
  readonly marks: readonly MarkedPart[];
  /** Whether it is one of the answer's sentences: headings, code and unmarked lead-ins to a list are not. */
  readonly counted: boolean;
};

type Open = { readonly start: number; end: number; readonly kind: string; readonly marks: Mark[] };

/** Claims in order of appearance. Marks that stand alone belong to the sentence before them. */
export function claimsOf(text: string): readonly Claim[] {
  const open: Open[] = [];
  const marks = [...findMarks(text)];
  for (const { start, end, kind } of splitSentences(text)) {
    const own = marks.filter((mark) => mark.start >= start && mark.start < end);
    const last = open.at(-1);
    const saysNothing = !/[\p{L}\p{N}]/u.test(withoutMarks(text.slice(start, end)));
    if (saysNothing && last !== undefined) last.marks.push(...own);
    else open.push({ start, end, kind, marks: own });
  }
  return open.map((sentence) => {
    const claim = withoutMarks(text.slice(sentence.start, sentence.end)).trim();
    const says = /[\p{L}\p{N}]/u.test(claim);
    const counted = says && (sentence.kind === 'sentence' || (sentence.kind === 'lead' && sentence.marks.length > 0));
    return { text: claim, counted, marks: partsOf(text, sentence, claim) };
  });
}

/** Fewer letters than this before a mark are no claim of their own. */
const SHORTEST_PART = 8;

function partsOf(text: string, sentence: Open, claim: string): readonly MarkedPart[] {
  const inside = sentence.marks.filter((mark) => mark.start < sentence.end);
  // The last marks that stand together: what follows them belongs to their part.
  let lastGroup = inside.length - 1;
  while (lastGroup > 0 && (inside[lastGroup]?.start ?? 0) - (inside[lastGroup - 1]?.end ?? 0) <= 1) lastGroup -= 1;
  const rest = withoutMarks(text.slice(inside.at(-1)?.end ?? sentence.end, sentence.end));
  let from = sentence.start;
  let part = claim;
  const parts = inside.map((mark, index) => {
    const between = text.slice(from, mark.start).trim();
    from = mark.end;
    if (index === lastGroup) part = index === 0 || between.length < SHORTEST_PART ? claim : `${between}${rest}`.trim();
    else if (between !== '') part = between.length < SHORTEST_PART ? claim : between;
    return { mark, part };
  });
  const behind = sentence.marks.filter((mark) => mark.start >= sentence.end);
  return [...parts, ...behind.map((mark) => ({ mark, part: claim }))];
}

/**
 * Percent, 0–100 to two decimals, of the counted claims that have a mark for which `isValid` holds. Where no claim counts
 * (an answer of headings alone) it is 0.
 */
export function rateOf(claims: readonly Claim[], isValid: (mark: Mark) => boolean): number {
  const counted = claims.filter((claim) => claim.counted);
  if (counted.length === 0) return 0;
  const cited = counted.filter((claim) => claim.marks.some(({ mark }) => isValid(mark)));
  return Math.round((cited.length / counted.length) * 10_000) / 100;
}
