/** Shows what an answer cost, how long it took and how good it is. */
import { make } from './make-element.js';
import { fill } from './page-data.js';

/** @typedef {import('../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('../../routes/dialogues.ts').PastDialogue} PastDialogue */
/** @typedef {Omit<PastDialogue, 'askedAt'>} Answer */

/** @param {AskTexts} texts @param {Answer} answer @returns {HTMLElement} */
export function factList(texts, answer) {
  const { latencyMs, costJpy, relevanceScore, citationRate, license, model, usage, withheld, traceId } = answer;
  const number = (/** @type {number} */ value, digits = 0) =>
    new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(value);
  const latency = (/** @type {number} */ ms) =>
    ms < 1_000 ? fill(texts.milliseconds, number(ms)) : fill(texts.seconds, number(ms / 1_000, 2));
  const facts = [
    ['latency', texts.latency, latencyMs === null ? texts.unknown : latency(latencyMs)],
    ['cost', texts.cost, costJpy === null ? texts.noPrice : `¥${number(costJpy, 6)}`],
    ['relevance', texts.relevance, relevanceScore === null ? texts.notJudged : relevanceScore.toFixed(2)],
    ['cited', texts.cited, citationRate === null ? texts.unknown : `${number(citationRate, 1)}%`],
    ['license', texts.license, license === null ? texts.noLicense : texts.licenses[license]],
    ['model', texts.model, model],
    ['tokens', texts.tokens, usage.totalTokens === null ? texts.unknown : number(usage.totalTokens)],
    ['withheld', texts.withheld, number(withheld)],
    ['trace-id', texts.traceId, traceId ?? texts.notTraced],
  ];
  return make(
    'dl',
    { class: 'facts', 'aria-label': texts.facts },
    ...facts.map(([id = '', name = '', value = '']) =>
      make('div', { 'data-testid': id }, make('dt', {}, name), make('dd', {}, value)),
    ),
  );
}
