/** Scores how well each sentence of the passages answers a question. */
import { onOneLine } from '../chat/citations/excerpt.ts';
import { withoutMarks } from '../chat/citations/marks.ts';
import { referenceMarks, splitLines } from '../chat/citations/sentences.ts';
import { subjectTerms } from '../chat/citations/support.ts';
import type { RetrievedPassage } from '../chat/retrieve.ts';
import { questionWords } from '../chat/search/question-words.ts';
import { askedFor, defines } from './extractive-definition.ts';

/** Words of a text, prepared for lookup. */
type Words = { readonly terms: ReadonlySet<string>; readonly folded: string };

type Quotable = Words & {
  /** On one line. */
  readonly text: string;
  /** The text without reference marks of its own. */
  readonly plain: string;
  /** Index of the passage and of the sentence in it, from 0. */
  readonly passage: number;
  readonly place: number;
  /** False for a list item without a full stop. */
  readonly whole: boolean;
  /** Whether it refers to the previous sentence: "Its cost …", "しかし…". */
  readonly leans: boolean;
};

/** In characters: shorter is a fragment, longer is a table or a list that lost its line breaks. */
const LENGTH = { shortest: 8, longest: 420, unfinished: 16 };

const leaning =
  /^(?:it|its|this|these|those|that|they|their|them|such|he|she|however|but|therefore|thus|hence|otherwise|instead|then|also|so|and|or|yes|no|for (?:example|instance)|in (?:this|that|these|such) cases?|as a result)\b|^(?:それ|これ|その|この|そこ|ここ|そう|こう|そのため|しかし|だから|また|さらに|なお|ただし|つまり|たとえば|例えば|したがって|従って|一方|同様|はい|いいえ)/iu;
// "This service" and "so that" refer to nothing before them.
const pointingOutside =
  /^(?:this (?:service|page|manual|document|section|chapter|guide)\b|so that\b|この(?:サービス|ページ|文書|章|節|マニュアル))/iu;

function readWords(text: string): Words {
  return { terms: subjectTerms(text), folded: text.normalize('NFKC').toLowerCase() };
}

export function quotableSentences(passage: RetrievedPassage, index: number): readonly Quotable[] {
  return splitLines(passage.text).flatMap(({ kind, start, end }, place) => {
    const text = onOneLine(passage.text.slice(start, end));
    const plain = withoutMarks(text, referenceMarks(text));
    const whole = /[。．.!?！？][」』）)"”’\]*_]*$/u.test(plain);
    const shortest = whole ? LENGTH.shortest : LENGTH.unfinished;
    if (kind !== 'sentence' || text.length < shortest || text.length > LENGTH.longest) return [];
    const leans = leaning.test(text) && !pointingOutside.test(text);
    return [{ text, plain, ...readWords(plain), passage: index, place, whole, leans }];
  });
}

/** `score`: 0 where nothing relates; comparable within one question only. */
export type Scored = Quotable & { readonly score: number };

// Chosen on one half of bench/questions, tried on the other: bench/answers.ts.
/** Weight of a word in the headings; in the sentence it has 1. */
const IN_HEADINGS = 0.6;
/** The first sentence usually states the subject of a passage. */
const FIRST = 1.15;
/** "What is X?" is answered by a definition of X, wherever it is. */
const DEFINES = 2.5;
/** A list item without a full stop may answer, but a sentence is preferred. */
const UNFINISHED = 0.75;
/** The share of the score that decreases with the sentence's length. */
const BY_LENGTH = 0.15;

/**
 * How many of the question's words a sentence or its headings contain, synonyms in part, times the rank of its passage. Rare
 * words have no extra weight: retrieval has already weighted them, and doing it twice made answers worse.
 * @param before the previous question of the session; null for the first
 */
export function scoreSentences(
  query: string,
  before: string | null,
  passages: readonly RetrievedPassage[],
  sentences: readonly Quotable[],
): Scored[] {
  const words = questionWords(query, before).map(({ term, share, synonyms }) => {
    return {
      share,
      forms: [formOf(term, 1), ...[...synonyms].map(([synonym, likeness]) => formOf(synonym, likeness))],
    };
  });
  const holding = (text: Words) => words.map(({ forms }) => heldPart(text, forms));
  const held = sentences.map(holding);
  const above = passages.map(({ title, heading }) => holding(readWords(`${title}\n${heading}`)));
  const topRank = Math.max(...passages.map(({ rank }) => rank), Number.MIN_VALUE);
  const meanSize = sentences.reduce((sum, { terms }) => sum + terms.size, 0) / Math.max(1, sentences.length);
  const subject = askedFor(query);

  return sentences.map((sentence, index) => {
    const related = words.reduce((sum, { share }, word) => {
      const inHeadings = (above[sentence.passage]?.[word] ?? 0) * IN_HEADINGS;
      return sum + share * Math.max(held[index]?.[word] ?? 0, inHeadings);
    }, 0);
    const length = 1 - BY_LENGTH + BY_LENGTH * (sentence.terms.size / Math.max(1, meanSize));
    const rank = Math.max(0, (passages[sentence.passage]?.rank ?? 0) / topRank);
    const score =
      (related / length) *
      (subject !== null && defines(sentence.plain, subject) ? DEFINES : rank) *
      (sentence.place === 0 ? FIRST : 1) *
      (sentence.whole ? 1 : UNFINISHED);
    return { ...sentence, score };
  });
}

type Form = { readonly term: string; readonly likeness: number; readonly byLetters: boolean };

/** English words and numbers are compared as wholes, by their stems; identifiers and Japanese, which has no spaces, by their letters. */
function formOf(term: string, likeness: number): Form {
  return { term, likeness, byLetters: !/^(?:[a-z]+|\d+)$/.test(term) };
}

function heldPart({ terms, folded }: Words, forms: readonly Form[]): number {
  let most = 0;
  for (const { term, likeness, byLetters } of forms) {
    if (likeness > most && (byLetters ? folded.includes(term) : terms.has(term))) most = likeness;
  }
  return most;
}
