// Checks the labelled questions against the corpus: each label's document and text must be found; prints what the set holds.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'cheerio';
import { fetchCorpus } from './corpus.ts';

/** One line of `bench/questions/*.jsonl`; `relevant` is empty for what the corpus does not answer. */
export type Question = {
  id: string;
  language: 'en' | 'ja';
  kind: 'answerable' | 'nearby' | 'everyday';
  question: string;
  relevant: { document: string; contains: string }[];
};

const folder = join(import.meta.dirname, 'questions');

/** Reads all questions, in the order of the files' names and their lines. Throws SyntaxError on a line that is not JSON. */
export async function readQuestions(): Promise<Question[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line));
}

/** The form in which a label's text is compared with a passage: NFKC, every run of white space one space. */
export function fold(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

// Headings are left out: a label must stand in text that answers, not in its title.
const blocks = 'p, li, dt, dd, td, th, pre';

/** Says what is wrong with the labels, one line each; an empty list means that every label stands in its document. */
async function faults(questions: Question[], corpus: string): Promise<string[]> {
  const pages = (await readdir(corpus, { recursive: true })).filter((path) => path.endsWith('.html'));
  const paragraphs = new Map<string, string[]>();
  const found: string[] = [];
  const ids = new Set<string>();
  for (const { id, kind, relevant } of questions) {
    if (ids.has(id)) found.push(`${id}: the id is used twice`);
    ids.add(id);
    if ((kind === 'answerable') !== relevant.length > 0) found.push(`${id}: ${kind}, yet ${relevant.length} labels`);
    for (const { document, contains } of relevant) {
      const matches = pages.filter((path) => path === document || path.endsWith(`/${document}`));
      const path = matches[0];
      if (path === undefined || matches.length > 1) {
        found.push(`${id}: ${document} names ${matches.length} pages of the corpus, not one`);
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
  // Last first, so that a list item that holds paragraphs of its own is left with just the text around them.
  for (const block of $(blocks).toArray().reverse()) {
    paragraphs.push(fold($(block).text()));
    $(block).remove();
  }
  return paragraphs;
}

if (import.meta.main) {
  const questions = await readQuestions();
  const corpus = await fetchCorpus(process.argv[2] ?? join('.data', 'bench-corpus'));
  const found = await faults(questions, corpus);
  const counts = Map.groupBy(questions, ({ language, kind }) => `${language} ${kind}`);
  for (const [group, members] of [...counts].sort()) console.log(`${group}: ${members.length}`);
  console.log(`labels: ${questions.flatMap((question) => question.relevant).length}, not found: ${found.length}`);
  for (const fault of found) console.error(fault);
  if (found.length > 0) process.exitCode = 1;
}
