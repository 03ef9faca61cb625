/** PROGRAM `npm run words`: fails on words in texts for people that docs/writing-words.json replaces, with file, line and replacement. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createWordFinder, type Word } from './find-words.ts';

type WordList = { readonly skip: readonly string[]; readonly words: readonly Word[] };

const { skip, words } = JSON.parse(readFileSync('docs/writing-words.json', 'utf8')) as WordList;
const skipped = skip.map((pattern) => new RegExp(pattern));
const written = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
});
const files = written.split('\0').filter((file) => existsSync(file) && !skipped.some((pattern) => pattern.test(file)));

const findWords = createWordFinder(words);
const counts = new Map<string, number>();
for (const file of files) {
  for (const { line, found, word } of findWords(file, readFileSync(file, 'utf8'))) {
    console.error(`${file}:${line}: "${found}" -> ${word.instead}`);
    counts.set(found.toLowerCase(), (counts.get(found.toLowerCase()) ?? 0) + 1);
  }
}
if (counts.size > 0) {
  const rows = [...counts].sort(([, one], [, other]) => other - one).map(([word, number]) => `${number} ${word}`);
  console.error(`\nReplace these words, or except a use in docs/writing-words.json: ${rows.join(', ')}`);
  process.exitCode = 1;
}
