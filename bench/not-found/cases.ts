/** Reads the labelled questions of the "not found" benchmark. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTunedHalf, readQuestions } from '../check-questions.ts';
import { fold } from '../labels.ts';

export type Case = {
  readonly id: string;
  readonly corpus: string;
  readonly language: 'en' | 'ja';
  /** `answerable`, or the kind of near miss. */
  readonly kind: string;
  readonly question: string;
  /** Texts of which a right answer quotes one; empty: not labelled. */
  readonly contains: readonly string[];
};

const file = join(import.meta.dirname, '..', 'questions', 'not-found', 'questions.jsonl');

/**
 * Everyday questions are left out: they share no words with the manuals.
 * @param corpus the directory of Debian's manuals
 */
export async function readCases(corpus: string): Promise<readonly Case[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const own = lines
    .map((line) => JSON.parse(line))
    .map(({ contains, ...each }) => ({
      ...each,
      contains: contains === undefined ? [] : [contains],
    }));
  const debian = (await readQuestions(corpus)).filter(({ kind }) => kind !== 'everyday');
  return [
    ...own,
    ...debian.map(({ relevant, ...each }) => ({
      ...each,
      corpus: 'debian',
      contains: relevant.map(({ contains }) => contains),
    })),
  ];
}

export function isAnswerable({ kind }: Case): boolean {
  return kind === 'answerable';
}

export function isTuning({ id }: Case): boolean {
  return inTunedHalf(id);
}

/** Whether an answer has a labelled text; null: the question has no label. */
export function isRight({ contains }: Case, answer: string): boolean | null {
  if (contains.length === 0) return null;
  const bare = (text: string) => fold(text).replaceAll(' ', '');
  return contains.some((text) => bare(answer).includes(bare(text)));
}
