/** Answers without a model: quotes the sentences of the passages that answer the question best. */
import type { Generate, Generation } from '../chat/generate.ts';
import { topicOf } from '../chat/search/follow-up.ts';
import { isJapanese } from '../chat/search/is-japanese.ts';
import { quotableSentences, type Scored, scoreSentences } from './extractive-score.ts';

/** The model name of its answers; its price is 0. */
export const EXTRACTIVE = 'extractive';

/** No tokens, no temperature, no context window; the answer arrives whole. */
const properties: Omit<Generation, 'text'> = {
  model: EXTRACTIVE,
  finishReason: 'stop',
  temperature: null,
  contextWindowSize: null,
  usage: { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 },
  firstTokenAt: null,
};

/** One to four sentences, word for word, each with the mark of its passage; empty where no sentence relates to the question. */
export const generateExtractively: Generate = async ({ query, history, passages, signal, onDelta }) => {
  signal.throwIfAborted();
  const sentences = passages.flatMap(quotableSentences);
  const scored = scoreSentences(query, topicOf(query, history), passages, sentences);
  const chosen = chooseSentences(query, scored);
  const separator = isJapanese(chosen[0]?.text ?? '') ? '' : ' ';
  const pieces = chosen.map(
    ({ text, passage }, index) => `${index === 0 ? '' : separator}${text}${beforeMark(text)}[${passage + 1}]`,
  );
  for (const piece of pieces) onDelta?.(piece);
  return { ...properties, text: pieces.join('') };
};

/** A mark that touches a word would be an index. */
function beforeMark(text: string): '' | ' ' {
  return /[\p{sc=Latin}\p{sc=Greek}\p{N}_)\]}$]$/u.test(text) ? ' ' : '';
}

/** Most sentences of an answer. */
const MOST_SENTENCES = 4;
/** Least score of a further sentence, relative to the best one. */
const WORTH_ADDING = 0.7;
/** Factor for neighbours of a chosen sentence: two in a row read better than two from different pages. */
const BESIDE_CHOSEN = 1.4;
/** Share of common terms above which sentences of two passages count as duplicates. */
const SAME = 0.7;
/** The other language must score this many times higher before it is used. */
const OTHER_LANGUAGE = 2;

/**
 * One to four sentences in one language, preferably the question's; none where nothing relates. A sentence that depends on the
 * previous one brings it along, a gap of one is closed, and a single sentence brings its neighbour. Passages come
 * in the order of their best sentence, sentences of a passage as they are read.
 */
function chooseSentences(query: string, scored: readonly Scored[]): readonly Scored[] {
  const candidates = inOneLanguage(query, scored).toSorted((a, b) => b.score - a.score);
  const best = candidates[0];
  if (best === undefined || best.score === 0) return [];
  const at = new Map(candidates.map((one) => [`${one.passage} ${one.place}`, one]));
  const beside = (one: Scored, step: number) => at.get(`${one.passage} ${one.place + step}`);
  const chosen = new Set<Scored>();
  const take = (one: Scored) => {
    const before = one.leans ? beside(one, -1) : undefined;
    const added = [before ?? one, one].filter((each, index, all) => !chosen.has(each) && all.indexOf(each) === index);
    if (chosen.size + added.length > MOST_SENTENCES) return;
    if (added.some((each) => [...chosen].some((other) => saysTheSame(each, other)))) return;
    for (const each of added) chosen.add(each);
  };
  const worth = (one: Scored) => {
    const near = [beside(one, -1), beside(one, 1)].filter((each) => each !== undefined && chosen.has(each)).length;
    return near === 2 ? Number.POSITIVE_INFINITY : one.score * (near === 1 ? BESIDE_CHOSEN : 1);
  };

  take(best);
  const open = new Set(candidates.slice(1));
  while (open.size > 0 && chosen.size < MOST_SENTENCES) {
    const next = [...open].reduce((top, one) => (worth(one) > worth(top) ? one : top));
    if (worth(next) < best.score * WORTH_ADDING) break;
    take(next);
    open.delete(next);
  }
  const neighbour = beside(best, 1) ?? beside(best, -1);
  if (chosen.size === 1 && neighbour !== undefined) take(neighbour);
  const order = [...new Set([...chosen].map(({ passage }) => passage))];
  return [...chosen].sort((a, b) => order.indexOf(a.passage) - order.indexOf(b.passage) || a.place - b.place);
}

function inOneLanguage(query: string, scored: readonly Scored[]): readonly Scored[] {
  const asked = isJapanese(query);
  const { own = [], other = [] } = Object.groupBy(scored, ({ text }) => (isJapanese(text) === asked ? 'own' : 'other'));
  const top = (of: readonly Scored[]) => Math.max(0, ...of.map(({ score }) => score));
  return top(own) * OTHER_LANGUAGE >= top(other) ? own : other;
}

/** Sentences of one passage share words without repeating statements. */
function saysTheSame(a: Scored, b: Scored): boolean {
  if (a.passage === b.passage) return a.text === b.text;
  const [small, large] = a.terms.size <= b.terms.size ? [a.terms, b.terms] : [b.terms, a.terms];
  return small.size > 0 && [...small].filter((term) => large.has(term)).length >= small.size * SAME;
}
