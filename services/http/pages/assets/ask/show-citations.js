/** Shows the text of an answer and its citations. */
import { fill, langOf, make } from '../shared/dom.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('../../../api/chat-reply.ts').Reply} Reply */

/** Turns marks such as [1] into links to their citations. @param {AskTexts} texts @param {Pick<Reply, 'answer' | 'citations'>} reply @returns {(Node | string)[]} */
export function answerText(texts, { answer, citations }) {
  let at = 0;
  const pieces = marksOf(answer, citations).flatMap(({ number, start, end }) => {
    const label = fill(texts.mark, number);
    const mark = make(
      'a',
      { href: `#citation-${number}`, class: 'citation-mark', 'aria-label': label },
      answer.slice(start, end),
    );
    const before = answer.slice(at, start);
    at = end;
    return [before, mark];
  });
  return [...pieces, answer.slice(at)];
}

/** In the order of the answer. @param {string} answer @param {Reply['citations']} citations */
function marksOf(answer, citations) {
  const known = citations.flatMap(({ marks = [] }, index) => marks.map((mark) => ({ ...mark, number: index + 1 })));
  if (citations.some(({ marks }) => marks !== undefined)) return known.sort((a, b) => a.start - b.start);
  // Answers that were recorded before offsets were: every [1] that has a citation.
  return [...answer.matchAll(/\[(\d{1,2})\]/g)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length, number: Number(match[1]) }))
    .filter(({ number }) => citations[number - 1] !== undefined);
}

/** @param {AskTexts} texts @param {Reply['citations']} citations @returns {HTMLElement} */
export function citationList(texts, citations) {
  if (citations.length === 0) return make('p', { class: 'muted' }, texts.noCitations);
  return make(
    'ol',
    { class: 'citations' },
    ...citations.map((citation, index) => oneCitation(texts, citation, index + 1)),
  );
}

/** @param {AskTexts} texts @param {Reply['citations'][number]} citation @param {number} number */
function oneCitation(texts, citation, number) {
  const { source, sourceType, excerpt, pageNumber, startSeconds, paragraphIndex, url } = citation;
  // Rows written by other programs omit it, which means valid.
  const { valid = true } = citation;
  const position = [
    texts.sourceTypes[sourceType],
    ...(pageNumber === undefined ? [] : [fill(texts.page, pageNumber)]),
    ...(startSeconds === undefined ? [] : [clock(startSeconds)]),
    ...(paragraphIndex === undefined ? [] : [fill(texts.paragraph, paragraphIndex + 1)]),
  ];
  return make(
    'li',
    { id: `citation-${number}`, 'data-testid': 'citation', tabindex: '-1' },
    make(
      'p',
      {},
      make('cite', langOf(source), linkTo(source, url)),
      ' ',
      make('span', { class: 'muted' }, position.join(' · ')),
    ),
    make('blockquote', langOf(excerpt), excerpt),
    make(
      'p',
      { class: valid === null ? 'validity' : valid ? 'validity met' : 'validity breached' },
      make('span', { 'aria-hidden': 'true' }, valid === null ? '– ' : valid ? '✓ ' : '✕ '),
      valid === null ? texts.unjudged : valid ? texts.valid : texts.invalid,
    ),
  );
}

/** Only web addresses become links. Rows written by other programs may contain any URL. @param {string} text @param {string | undefined} url */
export function linkTo(text, url) {
  return url !== undefined && /^https?:\/\//i.test(url) ? make('a', { href: url, rel: 'noreferrer' }, text) : text;
}

/** 83 → 1:23. @param {number} seconds */
function clock(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
