/** Answers without a model: quotes the sentences of the passages that fit the question best. */
import type { Generate, Generation } from '../chat/generate.ts';
import { isJapanese } from '../chat/search/is-japanese.ts';
import { chooseSentences } from './extractive-choose.ts';
import { scoreSentences } from './extractive-score.ts';
import { quotableSentences } from './extractive-sentences.ts';

/** The name under which its answers are recorded; it has a price, which is 0. */
export const EXTRACTIVE = 'extractive';

/** It reads words, so it takes no tokens, has no temperature and no window; its answer comes whole. */
const facts: Omit<Generation, 'text'> = {
  model: EXTRACTIVE,
  temperature: null,
  contextWindowSize: null,
  usage: { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 },
  firstTokenAt: null,
};

/** One to four sentences, word for word, each with the mark of its passage; no text where nothing in the passages relates. */
export const generateExtractively: Generate = async ({ query, history, passages, signal, onDelta }) => {
  signal.throwIfAborted();
  const sentences = passages.flatMap(quotableSentences);
  const scored = scoreSentences(query, history.at(-1)?.query ?? null, passages, sentences);
  const chosen = chooseSentences(query, scored);
  const separator = isJapanese(chosen[0]?.text ?? '') ? '' : ' ';
  const pieces = chosen.map(({ text, passage }, index) => `${index === 0 ? '' : separator}${text}[${passage + 1}]`);
  for (const piece of pieces) onDelta?.(piece);
  return { ...facts, text: pieces.join('') };
};
