/** Shows what went wrong and what to do next. */
import { make } from './dom.js';
import { RequestProblem } from './request.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */

/** @param {AskTexts} texts @param {unknown} error @returns {HTMLElement} */
export function showProblem(texts, error) {
  if (!(error instanceof RequestProblem)) throw error;
  const { problem } = error;
  const text = texts.problems[problem.type] ?? { title: problem.title ?? problem.type, detail: problem.detail ?? '' };
  const box = make('div', { class: 'problem' }, make('strong', {}, text.title));
  if (text.detail !== '') box.append(make('p', {}, text.detail));
  if (problem.traceId !== undefined) box.append(make('p', {}, `${texts.traceId}: `, make('code', {}, problem.traceId)));
  if (problem.status === 401) box.append(make('p', {}, make('a', { href: '/' }, texts.signInAgain)));
  return box;
}
