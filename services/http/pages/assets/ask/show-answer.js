/** Shows a question with its answer: first the draft, then the recorded answer. */
import { langOf, make } from '../shared/dom.js';
import { answerText, citationList } from './show-citations.js';
import { detailList } from './show-details.js';
import { relatedList } from './show-related.js';
import { voteButtons } from './show-votes.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('./show-details.js').Answer} Answer */

/** @param {AskTexts} texts @param {string} query @returns {{ element: HTMLElement, add: (text: string) => void }} */
export function draftAnswer(texts, query) {
  const text = make('p', { class: 'answer-text' });
  const label = make('p', { class: 'draft-label', hidden: true }, texts.draft);
  const element = make(
    'article',
    { class: 'panel draft', 'aria-busy': 'true' },
    make('h2', langOf(query), query),
    label,
    text,
  );
  return {
    element,
    add: (piece) => {
      label.hidden = false;
      text.append(piece);
    },
  };
}

/** @param {AskTexts} texts @param {Answer} answer `vote` is updated when the user votes @returns {HTMLElement} */
export function recordedAnswer(texts, answer) {
  return make(
    'article',
    { class: 'panel', 'aria-labelledby': 'answer-title', 'data-testid': 'answer' },
    make('h2', { id: 'answer-title', ...langOf(answer.query) }, answer.query),
    ...(answer.outcome === 'no_answer' ? [make('p', { class: 'not-found' }, texts.notFound)] : []),
    make(
      'p',
      { class: 'answer-text', 'data-testid': 'answer-text', ...langOf(answer.answer) },
      ...answerText(texts, answer),
    ),
    ...relatedList(texts, answer.related ?? []),
    ...(answer.finishReason === 'length' ? [make('p', { class: 'truncated' }, texts.truncated)] : []),
    voteButtons(texts, answer),
    ...(answer.outcome === 'chitchat'
      ? []
      : [
          make(
            'section',
            { 'aria-labelledby': 'citations-title' },
            make('h3', { id: 'citations-title' }, texts.citations),
            citationList(texts, answer.citations),
          ),
        ]),
    make(
      'section',
      { 'aria-labelledby': 'details-title' },
      make('h3', { id: 'details-title' }, texts.details),
      detailList(texts, answer),
    ),
  );
}
