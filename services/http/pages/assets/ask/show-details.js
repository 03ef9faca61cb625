/** Shows the details of an answer: latency, cost, quality, licence, model and trace. */
import { fill, make } from '../shared/dom.js';

/** @typedef {import('../../html/ask/ask-texts.ts').AskTexts} AskTexts */
/** @typedef {import('../../../routes/dialogues.ts').PastDialogue} PastDialogue */
/** @typedef {Omit<PastDialogue, 'askedAt'>} Answer */

/** @param {AskTexts} texts @param {Answer} answer @returns {HTMLElement} */
export function detailList(texts, answer) {
  const { latencyMs, costJpy, relevanceScore, citationRate, license, model, usage, withheld, traceId } = answer;
  const number = (/** @type {number} */ value, digits = 0) =>
    new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(value);
  const latency = (/** @type {number} */ ms) =>
    ms < 1_000 ? fill(texts.milliseconds, number(ms)) : fill(texts.seconds, number(ms / 1_000, 2));
  const details = [
    ['latency', texts.latency, latencyMs === null ? texts.unknown : latency(latencyMs)],
    ['cost', texts.cost, costJpy === null ? texts.noPrice : `¥${number(costJpy, 6)}`],
    ['relevance', texts.relevance, relevanceScore === null ? texts.notScored : relevanceScore.toFixed(2)],
    ['cited', texts.cited, citationRate === null ? texts.unknown : `${number(citationRate, 1)}%`],
    ['license', texts.license, license === null ? texts.noLicense : texts.licenses[license]],
    ['model', texts.model, model],
    ['tokens', texts.tokens, usage.totalTokens === null ? texts.unknown : number(usage.totalTokens)],
    ['withheld', texts.withheld, number(withheld)],
    ['trace-id', texts.traceId, traceId ?? texts.notTraced],
  ];
  return make(
    'dl',
    { class: 'details', 'aria-label': texts.details },
    ...details.map(([id = '', name = '', value = '']) =>
      make('div', { 'data-testid': id }, make('dt', {}, name), make('dd', {}, value)),
    ),
  );
}
