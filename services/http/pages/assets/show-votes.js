/** Lets a person vote on an answer, and take the vote back. */
import { make } from './make-element.js';
import { postJson, request } from './request.js';
import { showProblem } from './show-problem.js';

/** @typedef {import('../html/ask/ask-texts.ts').AskTexts} AskTexts */

/**
 * @param {AskTexts} texts
 * @param {{ id: string, vote: number | null }} dialogue its `vote` follows what was voted
 * @returns {HTMLElement}
 */
export function voteButtons(texts, dialogue) {
  const told = make('p', { role: 'status', class: 'muted' });
  let busy = false;
  const buttons = [voteButton(1, '▲', texts.up), voteButton(-1, '▼', texts.down)];

  /** @param {1 | -1} vote @param {string} symbol @param {string} words */
  function voteButton(vote, symbol, words) {
    const button = make('button', { type: 'button', 'data-vote': String(vote) });
    button.append(make('span', { 'aria-hidden': 'true' }, `${symbol} `), words);
    button.addEventListener('click', () => send(dialogue.vote === vote ? 0 : vote));
    return button;
  }

  /** @param {1 | 0 | -1} vote */
  async function send(vote) {
    if (busy) return;
    busy = true;
    try {
      await request(`/api/ai/dialogues/${dialogue.id}/feedback`, postJson({ vote }));
      dialogue.vote = vote;
      showPressed();
      told.replaceChildren(texts.voted[vote]);
    } catch (error) {
      told.replaceChildren(showProblem(texts, error));
    } finally {
      busy = false;
    }
  }

  function showPressed() {
    for (const button of buttons) button.ariaPressed = String(Number(button.dataset.vote) === dialogue.vote);
  }

  showPressed();
  return make(
    'div',
    { class: 'votes', role: 'group', 'aria-label': texts.vote },
    make('span', {}, texts.vote),
    ...buttons,
    told,
  );
}
