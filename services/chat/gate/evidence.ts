/** Measures how far what was asked for occurs in what is quoted. */

import { subjectTerms } from '../citations/support.ts';
import type { RetrievedPassage } from '../retrieve.ts';
import type { Asked, AskedWord } from './asked-words.ts';
import { namedThings, occurs } from './named-things.ts';
import { questionType } from './question-type.ts';
import { subjectShare } from './soft-words.ts';

/** A quoted sentence and where it stands. */
export type Quoted = { readonly text: string; readonly passage: RetrievedPassage };

/** Each 0 to 1. */
export type Evidence = {
  /** What retrieval measured: the coverage of the question by the best passages. */
  readonly retrieved: number;
  /** Share of the question's weight in the quoted sentences with their titles and headings. */
  readonly quoted: number;
  /** The same of the best single sentence, which must have the expression that the type of question asks for. */
  readonly sentence: number;
  /** The share of the heaviest word that the quoted passages lack. */
  readonly missing: number;
  /** The share of the words that the whole corpus lacks. */
  readonly unknown: number;
  /** More than 0: an identifier of the question is not in the quoted passages; the shorter the question, the closer to 1. */
  readonly identifier: number;
  /** The same for numbers. */
  readonly number: number;
  /** The share of the question's names that the quoted passages lack. */
  readonly name: number;
  /** How much of the question stands apart from the amount, name … that it asks for. */
  readonly apart: number;
  /** 1: nothing quoted is a person, an amount … although the question asks for one. */
  readonly type: number;
  /** The same for types with many wordings. */
  readonly looseType: number;
  /** The share of neighbouring words of the question that are neighbours in the quoted passages. */
  readonly phrase: number;
};

type Text = { readonly terms: ReadonlySet<string>; readonly folded: string };

/** Words in the heading alone say what a section is about, not what the sentence says. */
const inHeading = 0.8;
/** "Erase" and "delete" mean the same, so a synonym counts more here than in ranking. */
const synonymTrust = 1.6;

/** In words: a longer question describes a situation, in which one identifier more or less does not decide. */
const shortQuestion = 4;

export function evidenceOf(query: string, asked: Asked, quoted: readonly Quoted[]): Evidence {
  const likeness = likenessOf(asked);
  const type = questionType(query);
  const words = subjectWords(asked);
  const passages = [...new Set(quoted.map(({ passage }) => passage))];
  const whole = readWhole(passages);
  const headings = new Map(passages.map((passage) => [passage, read(`${passage.title}\n${passage.heading}`)]));
  const sentences = quoted.map(({ text, passage }) => ({
    ...read(text),
    text,
    heading: headings.get(passage) ?? whole,
  }));
  const typed = sentences.filter(({ text }) => type === null || type.answers(text.normalize('NFKC')));
  const standsFor = ({ term }: AskedWord) => typed.length > 0 && type?.words.test(term) === true;
  const total = words.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const share = (held: (word: AskedWord) => number) =>
    words.reduce((sum, word) => sum + word.weight * Math.max(standsFor(word) ? 1 : 0, held(word)), 0) / total;
  const inSentence = (word: AskedWord, { heading, ...sentence }: (typeof sentences)[number]) =>
    Math.max(heldPart(word, sentence), inHeading * heldPart(word, heading));
  const literal = share((word) => Math.max(0, ...sentences.map((sentence) => inSentence(word, sentence))));
  const alone = Math.max(0, ...typed.map((sentence) => share((word) => inSentence(word, sentence))));
  const lacking = words.filter((word) => !standsFor(word) && heldPart(word, whole) === 0).map(({ weight }) => weight);
  const isUnknown = (word: AskedWord) => word.known === 0 && heldPart(word, whole) === 0;
  const unknown = words.filter(isUnknown).reduce((sum, { weight }) => sum + weight, 0) / total;
  const { identifiers, numbers, names } = namedThings(query);
  const lacks = (thing: string) => !occurs(thing, whole.folded);
  const lackingNames = names.filter((name) => lacks(name) && !whole.folded.includes(name.toLowerCase()));
  return {
    retrieved: asked.coverage,
    quoted: Math.max(literal, likeness),
    sentence: Math.max(likeness, alone),
    missing: (Math.max(0, ...lacking) / total) * (1 - likeness),
    unknown: unknown * (1 - likeness),
    identifier: identifiers.some(lacks) ? Math.min(1, shortQuestion / words.length) : 0,
    number: numbers.some(lacks) ? Math.min(1, shortQuestion / words.length) : 0,
    name: names.length === 0 ? 0 : lackingNames.length / names.length,
    apart: type?.strict === true ? Math.max(0, literal - alone) : 0,
    type: type?.strict === true && typed.length === 0 ? 1 : 0,
    looseType: type?.strict === false && typed.length === 0 ? 1 : 0,
    phrase: neighbours(words, whole.folded),
  };
}

// Passages about the subject stand out by 4 or more: bench/README.md.
const like = { from: 3, to: 9, most: 0.6 };

/** How much meaning makes up for missing words, 0 to 1; never for identifiers, numbers, names and types of expression. */
function likenessOf({ standsOut }: Asked): number {
  if (standsOut === null) return 0;
  return Math.min(like.most, Math.max(0, (standsOut - like.from) / (like.to - like.from)));
}

/** The term of the question's heaviest word that neither the quoted passages nor, if possible, the corpus have; null: none. */
export function missingTerm(asked: Asked, quoted: readonly Quoted[]): string | null {
  const whole = readWhole(quoted.map(({ passage }) => passage));
  const [first] = subjectWords(asked)
    .filter((word) => heldPart(word, whole) === 0)
    .sort((a, b) => a.known - b.known || b.weight - a.weight);
  return first?.term ?? null;
}

function subjectWords({ words }: Asked): readonly AskedWord[] {
  return words
    .map((word) => ({ ...word, weight: word.weight * subjectShare(word.term) }))
    .filter(({ weight }) => weight > 0);
}

function readWhole(passages: readonly RetrievedPassage[]): Text {
  return read(passages.map(({ title, heading, text }) => `${title}\n${heading}\n${text}`).join('\n'));
}

function read(text: string): Text {
  return { terms: subjectTerms(text), folded: text.normalize('NFKC').toLowerCase() };
}

function heldPart(word: AskedWord, text: Text): number {
  let most = isIn(word.term, text) ? 1 : 0;
  for (const [synonym, likeness] of word.synonyms) {
    if (most < 1 && isIn(synonym, text)) most = Math.max(most, Math.min(1, likeness * synonymTrust));
  }
  return most;
}

/** English words and numbers are compared by their stems; identifiers and Japanese, which has no spaces, by their letters. */
function isIn(term: string, { terms, folded }: Text): boolean {
  return /^(?:[a-z]+|\d+)$/.test(term) ? terms.has(term) : folded.includes(term);
}

/** Letters between two words that still count as neighbours. */
const nearby = 12;

function neighbours(words: readonly AskedWord[], folded: string): number {
  let pairs = 0;
  let near = 0;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (next === undefined) continue;
    pairs += 1;
    if (areNear(word.term, next.term, folded)) near += 1;
  }
  return pairs === 0 ? 0.5 : near / pairs;
}

function areNear(first: string, second: string, folded: string): boolean {
  for (let at = folded.indexOf(first); at !== -1; at = folded.indexOf(first, at + 1)) {
    const end = at + first.length;
    if (folded.slice(Math.max(0, at - nearby - second.length), end + nearby + second.length).includes(second))
      return true;
  }
  return false;
}
