/** Finds words that this project does not use in what people read. */
import { readableText } from './readable-text.ts';

/** A row of docs/writing-words.json. `word` and `except` are regular expressions; a space in `word` may be a line break. */
export type Word = { readonly word: string; readonly instead: string; readonly except?: readonly string[] };

/** `line` is counted from 1. */
export type FoundWord = { readonly line: number; readonly found: string; readonly word: Word };

/** @returns a function that reads one file */
export function createWordFinder(words: readonly Word[]): (file: string, source: string) => readonly FoundWord[] {
  const patterns = words.map((word) => ({ word, pattern: wordPattern(word.word), exceptions: exceptions(word) }));
  return (file, source) => {
    const text = readableText(file, source);
    if (text === null) return [];
    const found = patterns.flatMap(({ word, pattern, exceptions }) =>
      [...text.matchAll(pattern)]
        .filter((match) => !isExcepted(text, match, exceptions))
        .map((match) => ({
          line: text.slice(0, match.index).split('\n').length,
          found: match[0].replace(/[\s*#/-]+/g, ' '),
          word,
        })),
    );
    return found.sort((one, other) => one.line - other.line);
  };
}

/** Whole words; parts of file names, options and identifiers are not words. */
function wordPattern(word: string): RegExp {
  const acrossLines = word.replaceAll(' ', '(?: |[ *#/-]*\\n[ *#/-]*)');
  return new RegExp(`(?<![\\w./$-])(?:${acrossLines})(?![\\w/-]|\\.\\w)`, 'gi');
}

function exceptions({ except = [] }: Word): readonly RegExp[] {
  return except.map((pattern) => new RegExp(pattern, 'g'));
}

/** True where a match of an exception overlaps the word. */
function isExcepted(text: string, match: RegExpExecArray, exceptions: readonly RegExp[]): boolean {
  const end = match.index + match[0].length;
  const around = Math.max(0, match.index - 60);
  return exceptions.some((exception) =>
    [...text.slice(around, end + 60).matchAll(exception)].some((one) => {
      const start = around + one.index;
      return start < end && start + one[0].length > match.index;
    }),
  );
}
