/** The buttons to vote on an answer and to remove the vote. */
import { make } from '../shared/dom.js';
import { postJson, request } from '../shared/request.js';
import { showProblem } from '../shared/show-problem.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */

/**
 * @param {AskTexts} texts
 * @param {{ id: string, vote: number | null }} dialogue `vote` is updated when the user votes
 * @returns {HTMLElement}
 */
export function voteButtons(texts, dialogue) {
  const status = make('p', { role: 'status', class: 'muted' });
  let busy = false;
  const buttons = [voteButton(1, '▲', texts.up), voteButton(-1, '▼', texts.down)];

  /** @param {1 | -1} vote @param {string} symbol @param {string} label */
  function voteButton(vote, symbol, label) {
    const button = make('button', { type: 'button', 'data-vote': String(vote) });
    button.append(make('span', { 'aria-hidden': 'true' }, `${symbol} `), label);
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
      status.replaceChildren(texts.voted[vote]);
    } catch (error) {
      status.replaceChildren(showProblem(texts, error));
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
    status,
  );
}
