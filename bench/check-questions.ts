/** Checks that the corpus contains the document and text of each label, and prints the number of questions. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'cheerio';
import { fetchCorpus } from './corpus.ts';

/** One line of `bench/questions/*.jsonl`; `relevant` is empty where the corpus has no answer. */
export type Question = {
  id: string;
  language: 'en' | 'ja';
  kind: 'answerable' | 'nearby' | 'everyday';
  question: string;
  relevant: { document: string; contains: string }[];
};

const folder = join(import.meta.dirname, 'questions');

/** Reads all questions in the order of file names and lines. @throws {SyntaxError} for a line that is not JSON */
export async function readQuestions(): Promise<Question[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line));
}

/** Normalises text for comparing labels with passages: NFKC, each run of white space as one space. */
export function fold(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/** Whether weights may be tuned on this question. Depends on the id only, so that a question never changes halves. */
export function inTunedHalf(id: string): boolean {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0;
}

// Without headings: a label must match the text of an answer, not its title.
const blocks = 'p, li, dt, dd, td, th, pre';

/** @returns one line for each wrong label; empty: the corpus contains every label */
async function wrongLabels(questions: Question[], corpus: string): Promise<string[]> {
  const pages = (await readdir(corpus, { recursive: true })).filter((path) => path.endsWith('.html'));
  const paragraphs = new Map<string, string[]>();
  const found: string[] = [];
  const ids = new Set<string>();
  for (const { id, kind, relevant } of questions) {
    if (ids.has(id)) found.push(`${id}: duplicate id`);
    ids.add(id);
    if ((kind === 'answerable') !== relevant.length > 0) found.push(`${id}: ${kind}, but ${relevant.length} labels`);
    for (const { document, contains } of relevant) {
      const matches = pages.filter((path) => path === document || path.endsWith(`/${document}`));
      const path = matches[0];
      if (path === undefined || matches.length > 1) {
        found.push(`${id}: ${document} matches ${matches.length} pages of the corpus instead of one`);
        continue;
      }
      if (!paragraphs.has(path)) paragraphs.set(path, await readParagraphs(join(corpus, path)));
      const text = fold(contains);
      if (!paragraphs.get(path)?.some((paragraph) => paragraph.includes(text))) {
        found.push(`${id}: ${document} has no paragraph with "${contains}"`);
      }
    }
  }
  return found;
}

async function readParagraphs(path: string): Promise<string[]> {
  const $ = load(await readFile(path));
  const paragraphs: string[] = [];
  // In reverse order, so that nested paragraphs are removed from a list item before it is read.
  for (const block of $(blocks).toArray().reverse()) {
    paragraphs.push(fold($(block).text()));
    $(block).remove();
  }
  return paragraphs;
}

if (import.meta.main) {
  const questions = await readQuestions();
  const corpus = await fetchCorpus(process.argv[2] ?? join('.data', 'bench-corpus'));
  const found = await wrongLabels(questions, corpus);
  const counts = Map.groupBy(questions, ({ language, kind }) => `${language} ${kind}`);
  for (const [group, members] of [...counts].sort()) console.log(`${group}: ${members.length}`);
  console.log(`labels: ${questions.flatMap((question) => question.relevant).length}, not found: ${found.length}`);
  for (const fault of found) console.error(fault);
  if (found.length > 0) process.exitCode = 1;
}
