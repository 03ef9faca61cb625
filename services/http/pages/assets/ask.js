/** Brings the page `/` to life: READ THIS FIRST for what happens when a person asks. */
import { askQuestion } from './ask-question.js';
import { byId, fill, pageData } from './page-data.js';
import { draftAnswer, recordedAnswer } from './show-answer.js';
import { pastQuestions } from './show-past.js';
import { showProblem } from './show-problem.js';

/** @type {import('../html/ask/ask-texts.ts').AskTexts} */
const texts = pageData();
const form = /** @type {HTMLFormElement} */ (byId('ask'));
const query = /** @type {HTMLTextAreaElement} */ (byId('query'));
const stop = byId('stop');
const followUp = byId('follow-up');
const progress = byId('progress');
const place = byId('answer');
const problem = byId('problem');

/** @type {AbortController | null} */
let asking = null;
/** Of the answer that is shown: the next question continues there. @type {string | null} */
let sessionId = null;

const past = pastQuestions(texts, (dialogue) => {
  asking?.abort();
  problem.replaceChildren();
  tell('');
  place.replaceChildren(recordedAnswer(texts, dialogue));
  continueIn(dialogue.sessionId);
});

/** @param {string | null} id */
function continueIn(id) {
  sessionId = id;
  followUp.hidden = id === null;
}

/** @param {string} text @param {'muted' | 'unseen'} look what eyes see anyway is told to ears only */
function tell(text, look = 'muted') {
  progress.className = look;
  progress.textContent = text;
}

/** @param {string} text */
async function ask(text) {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const draft = draftAnswer(texts, text);
  const askedAt = new Date().toISOString();
  problem.replaceChildren();
  past.leave();
  place.replaceChildren(draft.element);
  tell(texts.asking);
  stop.hidden = false;
  try {
    const reply = await askQuestion({ query: text, sessionId, signal: mine.signal, onDraft: draft.add });
    const dialogue = { ...reply, query: text, askedAt, vote: null };
    place.replaceChildren(recordedAnswer(texts, dialogue));
    tell(fill(texts.arrived, reply.citations.length), 'unseen');
    past.add(dialogue);
    continueIn(reply.sessionId);
    if (query.value.trim() === text) query.value = '';
  } catch (error) {
    // Another question or an old answer has taken the place.
    if (asking !== mine) return;
    draft.element.remove();
    tell(mine.signal.aborted ? texts.stopped : '');
    if (!mine.signal.aborted) problem.replaceChildren(showProblem(texts, error));
  } finally {
    if (asking === mine) {
      asking = null;
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
  // While an input method composes, Enter chooses characters; some browsers tell only by the key code 229.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

stop.addEventListener('click', () => asking?.abort());

byId('new-conversation').addEventListener('click', () => {
  asking?.abort();
  continueIn(null);
  past.leave();
  place.replaceChildren();
  tell('');
  query.focus();
});

// Before this, a browser would put the question into the address, where proxies log it.
byId('send').removeAttribute('disabled');
await past.load();
