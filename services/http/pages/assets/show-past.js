/** Lists the visitor's own last questions, a page at a time; each can be opened again. */
import { make, spoken } from './make-element.js';
import { byId } from './page-data.js';
import { request } from './request.js';
import { showProblem } from './show-problem.js';

/** @typedef {import('../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('./show-details.js').Answer & { askedAt: string }} PastDialogue */

const pageSize = 8;

/**
 * @param {AskTexts} texts
 * @param {(dialogue: PastDialogue) => void} open
 * @returns {{ load: () => Promise<void>, add: (dialogue: PastDialogue) => void, leave: () => void }}
 */
export function pastQuestions(texts, open) {
  const list = byId('past');
  const none = byId('no-past');
  const older = byId('older');
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  /** @type {string | null} */
  let next = null;

  /** @param {PastDialogue} dialogue */
  function item(dialogue) {
    const button = make(
      'button',
      { type: 'button' },
      make('span', { class: 'question', ...spoken(dialogue.query) }, dialogue.query),
    );
    button.append(make('time', { datetime: dialogue.askedAt }, time.format(new Date(dialogue.askedAt))));
    if (dialogue.outcome === 'no_answer') button.append(make('small', {}, texts.notFound));
    button.addEventListener('click', () => {
      choose(button);
      open(dialogue);
    });
    return make('li', {}, button);
  }

  /** @param {HTMLButtonElement | null} button null: what is shown is none of them */
  function choose(button) {
    for (const chosen of list.querySelectorAll('[aria-current]')) chosen.removeAttribute('aria-current');
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
      // The button may go away with the last page: the focus goes on to what it brought.
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
      choose(added.querySelector('button'));
    },
    leave: () => choose(null),
  };
}
