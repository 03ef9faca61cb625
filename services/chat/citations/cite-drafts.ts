/** Passes drafts on sentence by sentence with the marks that the final answer will have. */
import type { RetrievedPassage } from '../retrieve.ts';
import { citeAnswer } from './cite.ts';

/** Where a sentence, its marks included, has certainly ended: the next one, or an item of a list, has begun. */
const ends =
  /(?:\n\s*\n\s*(?=\S)|\n\s*(?=[-*#]\s|\d{1,2}[.)]\s)|[。！？](?:\s*\[[^\]\n]{1,20}\])*(?:\s+(?=[\p{L}\p{N}])|(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]))|[.!?](?:\s*\[[^\]\n]{1,20}\])*\s+(?=[\p{L}\p{N}]))/gu;

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
    draft += piece;
    const end = lastEnd(draft, citedTo);
    if (end <= citedTo * (1 + growth)) return;
    citedTo = end;
    const { outcome, answer } = citeAnswer({ text: draft.slice(0, end) }, passages, at, query);
    // An uncited sentence may be the beginning of a refusal.
    if (outcome !== 'answered' || !answer.startsWith(sent)) return;
    if (answer.length > sent.length) send(answer.slice(sent.length));
    sent = answer;
  };
}

/** Where the last whole sentence of the draft ends. @param from an earlier result; nothing before it is searched */
function lastEnd(draft: string, from: number): number {
  let end = from;
  ends.lastIndex = Math.max(0, from - 1);
  for (let match = ends.exec(draft); match !== null; match = ends.exec(draft)) end = ends.lastIndex;
  const isOpen = (draft.slice(0, end).split('```').length - 1) % 2 === 1;
  return isOpen ? from : end;
}
