/** Checks that the corpus contains the document and text of each label, and prints the number of questions. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchCorpus } from './corpus.ts';
import { createPartReader, type Part } from './labels.ts';

/** `relevant` is empty where the corpus has no answer. */
export type Question = {
  id: string;
  language: 'en' | 'ja';
  kind: 'answerable' | 'nearby' | 'everyday';
  question: string;
  relevant: { document: string; contains: string }[];
};

/** One line of `bench/questions/*.jsonl`. */
type Line = Omit<Question, 'relevant'> & { relevant: (Part & { document: string })[] };

const folder = join(import.meta.dirname, 'questions');

/**
 * Reads all questions in the order of file names and lines, with the text of their labels from the corpus. Prints how many labels
 * the corpus lacks, and leaves out answerable questions of which it lacks every label.
 */
export async function readQuestions(corpus: string): Promise<Question[]> {
  const lines = await readLines();
  const read = createPartReader();
  const questions: Question[] = [];
  let missing = 0;
  for (const line of lines) {
    const relevant: Question['relevant'] = [];
    for (const { document, ...part } of line.relevant) {
      const contains = await read(join(corpus, document), part);
      if (contains === null) missing++;
      else relevant.push({ document, contains });
    }
    if (line.relevant.length === 0 || relevant.length > 0) questions.push({ ...line, relevant });
  }
  if (missing > 0) {
    const without = lines.length - questions.length;
    console.error(
      `The packages lack the paragraphs of ${missing} labels, and ${without} questions without any other label are left out. ` +
        'bench/questions/README.md has the versions.',
    );
  }
  return questions;
}

/** @throws {SyntaxError} for a line that is not JSON */
async function readLines(): Promise<Line[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line));
}

/** Whether weights may be tuned on this question. Depends on the id only, so that a question never changes halves. */
export function inTunedHalf(id: string): boolean {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0;
}

/** @returns one line for each wrong label; empty: the corpus contains every label */
async function wrongLabels(questions: readonly Line[], corpus: string): Promise<string[]> {
  const read = createPartReader();
  const found: string[] = [];
  const ids = new Set<string>();
  for (const { id, kind, relevant } of questions) {
    if (ids.has(id)) found.push(`${id}: duplicate id`);
    ids.add(id);
    if ((kind === 'answerable') !== relevant.length > 0) found.push(`${id}: ${kind}, but ${relevant.length} labels`);
    for (const { document, ...part } of relevant) {
      const text = await read(join(corpus, document), part);
      if (text === null) found.push(`${id}: ${document} has no paragraph ${part.paragraph}`);
      else if (text.length < part.end - part.start) found.push(`${id}: the range ends after its paragraph`);
    }
  }
  return found;
}

if (import.meta.main) {
  const questions = await readLines();
  const corpus = await fetchCorpus(process.argv[2] ?? join('.data', 'bench-corpus'));
  const found = await wrongLabels(questions, corpus);
  const counts = Map.groupBy(questions, ({ language, kind }) => `${language} ${kind}`);
  for (const [group, members] of [...counts].sort()) console.log(`${group}: ${members.length}`);
  console.log(`labels: ${questions.flatMap((question) => question.relevant).length}, not found: ${found.length}`);
  for (const fault of found) console.error(fault);
  if (found.length > 0) process.exitCode = 1;
}
