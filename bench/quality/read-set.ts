/** Reads the labelled answers of bench/quality. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Name and version of the set: a new version for every change of an answer or a label. */
export const setVersion = 'bench/quality 1';

export type Passage = { readonly id: string; readonly title: string; readonly heading: string; readonly text: string };

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

export async function readLabelledAnswers(): Promise<readonly LabelledAnswer[]> {
  const passages = new Map((await readLines<Passage>('passages.jsonl')).map((each) => [each.id, each]));
  const answers = await readLines<Omit<LabelledAnswer, 'passages'> & { passages: readonly string[] }>('answers.jsonl');
  return answers.map((answer) => ({
    ...answer,
    passages: answer.passages.map((id) => {
      const passage = passages.get(id);
      if (passage === undefined) throw new Error(`${answer.id} names the passage ${id}, which passages.jsonl lacks`);
      return passage;
    }),
  }));
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
