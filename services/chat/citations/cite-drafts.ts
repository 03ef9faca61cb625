/** Passes drafts on sentence by sentence with the marks that the final answer will have. */
import type { RetrievedPassage } from '../retrieve.ts';
import { citeAnswer } from './cite.ts';

/** Where a sentence, its marks included, has certainly ended: the next one, or an item of a list, has begun. Bounded repetitions keep it linear. */
const ends =
  /\n[ \t]{0,8}\n(?=\S)|\n[ \t]{0,8}(?=[-*#]\s|\d{1,2}[.)]\s)|[。！？](?:\s?\[[^\]\n]{1,20}\]){0,8}(?:\s{1,4}(?=[\p{L}\p{N}])|(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]))|[.!?](?:\s?\[[^\]\n]{1,20}\]){0,8}\s{1,4}(?=[\p{L}\p{N}])/gu;
/** No end is longer. */
const longestEnd = 256;

/** Citing costs time in proportion to the draft, so the draft must have grown by this share before it is cited again. */
const growth = 0.1;

/**
 * A client that cannot replace a draft may show these pieces: together they are the beginning of the final answer, except in rare
 * cases (a bracket that later text turns out to be code). Compare them with the answer in the end.
 * @returns a function that takes the generator's pieces
 */
export function citeDrafts(
  send: (text: string) => void,
  passages: readonly RetrievedPassage[],
  at: Date,
  query: string,
): (piece: string) => void {
  let draft = '';
  let citedTo = 0;
  let sent = '';
  return (piece) => {
    const from = Math.max(citedTo, draft.length - longestEnd);
    draft += piece;
    const end = lastEnd(draft, from);
    if (end <= citedTo * (1 + growth)) return;
    citedTo = end;
    const { outcome, answer } = citeAnswer({ text: draft.slice(0, end) }, passages, at, query);
    // An uncited sentence may be the beginning of a refusal.
    if (outcome !== 'answered' || !answer.startsWith(sent)) return;
    if (answer.length > sent.length) send(answer.slice(sent.length));
    sent = answer;
  };
}

/** Where the last whole sentence of the draft ends; 0 for none. @param from nothing before it is searched */
function lastEnd(draft: string, from: number): number {
  let end = 0;
  ends.lastIndex = Math.max(0, from - 1);
  for (let match = ends.exec(draft); match !== null; match = ends.exec(draft)) end = ends.lastIndex;
  return end > 0 && draft.slice(0, end).split('```').length % 2 === 1 ? end : 0;
}
