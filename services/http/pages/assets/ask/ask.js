/** The script of the page `/`. Start reading here to follow a question in the browser. */

import { byId, fill, pageData } from '../shared/dom.js';
import { showProblem } from '../shared/show-problem.js';
import { askQuestion } from './ask-question.js';
import { draftAnswer, recordedAnswer } from './show-answer.js';
import { questionHistory } from './show-history.js';

/** @type {import('../../html/ask/ask-texts.ts').AskTexts} */
const texts = pageData();
const form = /** @type {HTMLFormElement} */ (byId('ask'));
const query = /** @type {HTMLTextAreaElement} */ (byId('query'));
const stop = byId('stop');
const followUp = byId('follow-up');
const progress = byId('progress');
const answer = byId('answer');
const problem = byId('problem');

/** @type {AbortController | null} */
let request = null;
/** Session of the displayed answer, which the next question continues. @type {string | null} */
let sessionId = null;

const history = questionHistory(texts, (dialogue) => {
  request?.abort();
  problem.replaceChildren();
  announce('');
  answer.replaceChildren(recordedAnswer(texts, dialogue));
  continueIn(dialogue.sessionId);
});

/** @param {string | null} id */
function continueIn(id) {
  sessionId = id;
  followUp.hidden = id === null;
}

/** @param {string} text @param {'muted' | 'visually-hidden'} style hidden if the page shows the same anyway */
function announce(text, style = 'muted') {
  progress.className = style;
  progress.textContent = text;
}

/** @param {string} text */
async function ask(text) {
  request?.abort();
  const current = new AbortController();
  request = current;
  const draft = draftAnswer(texts, text);
  const askedAt = new Date().toISOString();
  problem.replaceChildren();
  history.deselect();
  answer.replaceChildren(draft.element);
  announce(texts.asking);
  stop.hidden = false;
  try {
    const reply = await askQuestion({ query: text, sessionId, signal: current.signal, onDraft: draft.add });
    const dialogue = { ...reply, query: text, askedAt, vote: null };
    answer.replaceChildren(recordedAnswer(texts, dialogue));
    announce(fill(texts.arrived, reply.citations.length), 'visually-hidden');
    history.add(dialogue);
    continueIn(reply.sessionId);
    if (query.value.trim() === text) query.value = '';
  } catch (error) {
    // The page shows another question by now.
    if (request !== current) return;
    draft.element.remove();
    announce(current.signal.aborted ? texts.stopped : '');
    if (!current.signal.aborted) problem.replaceChildren(showProblem(texts, error));
  } finally {
    if (request === current) {
      request = null;
      if (document.activeElement === stop) query.focus();
      stop.hidden = true;
    }
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = query.value.trim();
  if (text !== '') ask(text);
});

query.addEventListener('keydown', (event) => {
  // While an input method composes, Enter selects characters. Some browsers only report key code 229.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

stop.addEventListener('click', () => request?.abort());

byId('new-conversation').addEventListener('click', () => {
  request?.abort();
  continueIn(null);
  history.deselect();
  answer.replaceChildren();
  announce('');
  query.focus();
});

for (const button of document.querySelectorAll('#examples button')) {
  button.addEventListener('click', () => {
    continueIn(null);
    query.value = button.textContent ?? '';
    form.requestSubmit();
  });
  button.removeAttribute('disabled');
}

// Without this script, the form would put the question into the URL, which proxies log.
byId('send').removeAttribute('disabled');
await history.load();
