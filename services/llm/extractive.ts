/** Answers without a model: quotes the sentences of the passages that fit the question best. */
import { onOneLine } from '../chat/cite-excerpt.ts';
import { withoutMarks } from '../chat/cite-marks.ts';
import { subjectTerms } from '../chat/cite-support.ts';
import type { Generate, Generation } from '../chat/generate.ts';
import type { RetrievedPassage } from '../chat/retrieve.ts';
import { splitLines } from '../chat/sentences.ts';
import { askedFor, defines } from './extractive-definition.ts';

/** The name under which its answers are recorded; it has a price, which is 0. */
export const EXTRACTIVE = 'extractive';

/** Sentences of an answer at most. */
const MOST_SENTENCES = 4;
/** A further sentence must be at least this good beside the best one. */
const WORTH_ADDING = 0.55;
/** Share of terms from which two sentences say the same. */
const SAME = 0.7;
/** What a question term in the headings counts beside one in the sentence. */
const HEADINGS_COUNT = 0.2;
/** An item of a list without a full stop may answer, but a sentence is preferred. */
const UNFINISHED_COUNTS = 0.7;
/** Letters of a sentence: shorter is a fragment, longer is a table or a list that lost its line breaks. */
const LENGTH = { shortest: 8, longest: 420, unfinished: 16 };

type Candidate = {
  /** On one line, without marks of its own that would be taken for ours. */
  readonly text: string;
  readonly terms: ReadonlySet<string>;
  /** The passage's place, from 0, and the sentence's place in it. */
  readonly passage: number;
  readonly place: number;
  readonly score: number;
};

/** It reads words, so it takes no tokens, has no temperature and no window; its answer comes whole. */
const facts: Omit<Generation, 'text'> = {
  model: EXTRACTIVE,
  temperature: null,
  contextWindowSize: null,
  usage: { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 },
  firstTokenAt: null,
};

/** One to four sentences, word for word, each with the mark of its passage; no text where nothing in the passages relates. */
export const generateExtractively: Generate = async ({ query, passages, signal, onDelta }) => {
  signal.throwIfAborted();
  const chosen = chooseSentences(query, passages);
  const separator = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(chosen[0]?.text ?? '') ? '' : ' ';
  const pieces = chosen.map(({ text, passage }, index) => `${index === 0 ? '' : separator}${text}[${passage + 1}]`);
  for (const piece of pieces) onDelta?.(piece);
  return { ...facts, text: pieces.join('') };
};

function chooseSentences(query: string, passages: readonly RetrievedPassage[]): readonly Candidate[] {
  const wanted = subjectTerms(query);
  const candidates = score(query, wanted, passages).sort((a, b) => b.score - a.score);
  const best = candidates[0];
  if (best === undefined || best.score === 0) return [];
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    if (chosen.length === MOST_SENTENCES || candidate.score < best.score * WORTH_ADDING) break;
    if (!chosen.some((other) => overlap(other.terms, candidate.terms) >= SAME)) chosen.push(candidate);
  }
  // Passages in the order of their best sentence, sentences of a passage as they are read.
  const order = [...new Set(chosen.map(({ passage }) => passage))];
  return chosen.toSorted((a, b) => order.indexOf(a.passage) - order.indexOf(b.passage) || a.place - b.place);
}

/**
 * The score of a sentence: its question terms, rarer ones among these sentences counting more (as in BM25), dampened by its
 * length; less for those of its headings; more where its passage ranks high and where it defines what is asked for.
 */
function score(query: string, wanted: ReadonlySet<string>, passages: readonly RetrievedPassage[]): Candidate[] {
  const sentences = passages.flatMap(sentencesOf);
  const holders = new Map<string, number>();
  for (const term of wanted) holders.set(term, sentences.filter(({ terms }) => terms.has(term)).length);
  const weight = (term: string) => Math.log(1 + (sentences.length + 1) / ((holders.get(term) ?? 0) + 0.5));
  const average = sentences.reduce((sum, { terms }) => sum + terms.size, 0) / Math.max(1, sentences.length);
  const topRank = Math.max(...passages.map(({ rank }) => rank), Number.MIN_VALUE);
  const subject = askedFor(query);

  return sentences.map(({ text, terms, headings, passage, place }) => {
    const whole = isWhole(text) ? 1 : UNFINISHED_COUNTS;
    let own = 0;
    let above = 0;
    for (const term of wanted) {
      if (terms.has(term)) own += weight(term);
      else if (headings.has(term)) above += weight(term);
    }
    const length = 0.7 + 0.3 * (terms.size / Math.max(1, average));
    const standing = 0.5 + 0.5 * Math.max(0, (passages[passage]?.rank ?? 0) / topRank);
    const first = place === 0 ? 1.05 : 1;
    const definition = subject !== null && defines(text, subject) ? 2 : 1;
    const related = own > 0 ? own + above * HEADINGS_COUNT : above * HEADINGS_COUNT * 0.5;
    return { text, terms, passage, place, score: (related / length) * standing * first * definition * whole };
  });
}

function sentencesOf(passage: RetrievedPassage, index: number) {
  const headings = subjectTerms(`${passage.title} ${passage.heading}`);
  return splitLines(passage.text).flatMap(({ kind, start, end }, place) => {
    const text = withoutMarks(onOneLine(passage.text.slice(start, end)));
    const shortest = isWhole(text) ? LENGTH.shortest : LENGTH.unfinished;
    if (kind !== 'sentence' || text.length < shortest || text.length > LENGTH.longest) return [];
    return [{ text, terms: subjectTerms(text), headings, passage: index, place }];
  });
}

function isWhole(text: string): boolean {
  return /[。．.!?！？][」』）)"”’\]*_]*$/u.test(text);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return 0;
  return [...small].filter((term) => large.has(term)).length / small.size;
}
