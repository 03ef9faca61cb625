/** Reads the labelled answers of bench/quality. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fetchQualityCorpora } from './corpora.ts';
import { type Passage, type QuotedDocument, readPassages } from './read-passages.ts';

/** Name and version of the set: a new version for every change of an answer or a label. */
export const setVersion = 'bench/quality 1';

type Label = 'right' | 'beside' | 'near' | 'wrong' | 'unsupported';

export type LabelledAnswer = {
  readonly id: string;
  readonly corpus: string;
  readonly language: 'en' | 'ja';
  readonly system: 'product' | 'plain' | 'model';
  readonly question: string;
  readonly answer: string;
  readonly label: Label;
  /** Whether the passages support what the answer says, whatever was asked. */
  readonly supported: boolean;
  readonly passages: readonly Passage[];
  /** Words of the question with their inverse document frequency in the corpus. */
  readonly words: readonly (readonly [word: string, weight: number])[];
};

/** Own words, or a quotation: the place in `passages`, start and end in UTF-16 units. */
type Piece = string | readonly [place: number, start: number, end: number];

type Line = Omit<LabelledAnswer, 'answer' | 'passages'> & {
  readonly answer: readonly Piece[];
  readonly passages: readonly string[];
};

export type LabelledSet = {
  readonly answers: readonly LabelledAnswer[];
  /** Answers that are left out, because the packages lack a passage of theirs. */
  readonly leftOut: number;
  /** Passages that the packages lack. */
  readonly missing: number;
};

/** Downloads the quoted packages to `cache` unless they are there. @throws {Error} with what to do when a package is missing */
export async function readLabelledSet(cache: string): Promise<LabelledSet> {
  const quoted = await readLines<QuotedDocument>('passages.jsonl');
  const found = await readPassages(quoted, await fetchQualityCorpora(cache));
  const lines = await readLines<Line>('answers.jsonl');
  const answers = lines.flatMap((line) => {
    const passages = line.passages.flatMap((id) => found.get(id) ?? []);
    if (passages.length < line.passages.length) return [];
    return [{ ...line, passages, answer: line.answer.map((piece) => textOf(piece, passages)).join('') }];
  });
  const missing = new Set(quoted.flatMap(({ passages }) => passages).filter((id) => !found.has(id))).size;
  return { answers, leftOut: lines.length - answers.length, missing };
}

function textOf(piece: Piece, passages: readonly Passage[]): string {
  if (typeof piece === 'string') return piece;
  const [place, start, end] = piece;
  return passages[place]?.text.slice(start, end) ?? '';
}

async function readLines<Line>(name: string): Promise<readonly Line[]> {
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The half depends on the question alone, so all answers to one question are in the same half. */
export function isHeldOut({ question }: Pick<LabelledAnswer, 'question'>): boolean {
  return (createHash('sha256').update(question).digest()[0] ?? 0) >= 128;
}
