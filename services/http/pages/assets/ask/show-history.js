/** Lists the user's recent questions, page by page. Each can be opened again. */
import { byId, langOf, make } from '../shared/dom.js';
import { request } from '../shared/request.js';
import { showProblem } from '../shared/show-problem.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('./show-details.js').Answer & { askedAt: string }} PastDialogue */

const pageSize = 8;

/**
 * @param {AskTexts} texts
 * @param {(dialogue: PastDialogue) => void} open
 * @returns {{ load: () => Promise<void>, add: (dialogue: PastDialogue) => void, deselect: () => void }}
 */
export function questionHistory(texts, open) {
  const list = byId('history');
  const none = byId('no-history');
  const older = byId('older');
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  /** @type {string | null} */
  let next = null;

  /** @param {PastDialogue} dialogue */
  function item(dialogue) {
    const button = make(
      'button',
      { type: 'button' },
      make('span', { class: 'question', ...langOf(dialogue.query) }, dialogue.query),
    );
    button.append(make('time', { datetime: dialogue.askedAt }, time.format(new Date(dialogue.askedAt))));
    if (dialogue.outcome === 'no_answer') button.append(make('small', {}, texts.notFound));
    button.addEventListener('click', () => {
      select(button);
      open(dialogue);
    });
    return make('li', {}, button);
  }

  /** @param {HTMLButtonElement | null} button null: none is selected */
  function select(button) {
    for (const selected of list.querySelectorAll('[aria-current]')) selected.removeAttribute('aria-current');
    button?.setAttribute('aria-current', 'true');
  }

  async function load() {
    try {
      const before = next === null ? '' : `&before=${next}`;
      const response = await request(`/api/ai/dialogues?limit=${pageSize}${before}`);
      /** @type {{ dialogues: PastDialogue[], next: string | null }} */
      const page = await response.json();
      const items = page.dialogues.map(item);
      list.append(...items);
      // The last page hides the button, so the focus moves to the first new item.
      if (document.activeElement === older && page.next === null) items[0]?.querySelector('button')?.focus();
      next = page.next;
      older.hidden = next === null;
      none.hidden = list.children.length > 0;
    } catch (error) {
      list.append(make('li', {}, showProblem(texts, error)));
    }
  }

  older.addEventListener('click', load);
  return {
    load,
    add: (dialogue) => {
      const added = item(dialogue);
      list.prepend(added);
      none.hidden = true;
      select(added.querySelector('button'));
    },
    deselect: () => select(null),
  };
}
