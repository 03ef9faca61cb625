/** Lists the documents closest to a question that they do not answer. */
import { langOf, make } from '../shared/dom.js';
import { linkTo } from './show-citations.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('../../../api/chat-reply.ts').Reply} Reply */

/** Empty without documents. @param {AskTexts} texts @param {NonNullable<Reply['related']>} related @returns {HTMLElement[]} */
export function relatedList(texts, related) {
  if (related.length === 0) return [];
  const items = related.map(({ title, heading, url }) =>
    make(
      'li',
      {},
      make('cite', langOf(title), linkTo(title, url)),
      ...(heading === undefined ? [] : [make('span', { class: 'muted', ...langOf(heading) }, ` › ${heading}`)]),
    ),
  );
  return [
    make(
      'section',
      { 'aria-labelledby': 'related-title', 'data-testid': 'related' },
      make('h3', { id: 'related-title' }, texts.related),
      make('ul', { class: 'related' }, ...items),
    ),
  ];
}
