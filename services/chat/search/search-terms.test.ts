import fc from 'fast-check';
import { expect, test } from 'vitest';
import { questionWords } from './question-words.ts';
import { searchTerms } from './search-terms.ts';

const terms = (text: string) => searchTerms(text).map(({ term }) => term);
const wholes = (text: string) =>
  searchTerms(text)
    .filter(({ piece }) => !piece)
    .map(({ term }) => term);

test('English words are found in any form, and grammar is left out', () => {
  expect(terms('How do I upgrade the packages?')).toEqual(terms('upgrading a package'));
  expect(terms("What don't you have?")).toEqual([]);
});

test('a path and an identifier are found whole and by their words', () => {
  expect(terms('debian/rules')).toEqual(['debian/rules', 'debian', 'rule']);
  expect(terms('/etc/apt/sources.list')).toEqual([
    'etc/apt/sources.list',
    'sources.list',
    'etc',
    'apt',
    'sourc',
    'list',
  ]);
  expect(terms('dh_install C++ C# café')).toEqual(['dh_install', 'dh', 'instal', 'c++', 'c#', 'cafe']);
});

test('Japanese is divided into words, and particles and courtesies are left out', () => {
  expect(wholes('検索拡張生成とは何ですか？')).toEqual(['検索', '拡張', '生成']);
  expect(wholes('設定ファイルを教えてください')).toEqual(['設定', 'ファイル']);
});

test('a Japanese verb is found whatever its ending', () => {
  expect(wholes('壊れた')).toEqual(wholes('壊す'));
});

test('a kanji compound is found by its pairs, however a dictionary divides it', () => {
  expect(terms('東京都知事選挙')).toEqual(expect.arrayContaining(['都知', '知事', '選挙']));
});

test('a loan word is found whole, with and without its last long vowel', () => {
  expect(wholes('メンテナ')).toContain('メンテナ');
  expect(wholes('サーバーの')).toEqual(wholes('サーバ'));
});

test('full width, half width and capitals make no difference', () => {
  expect(terms('ＤＥＢＩＡＮのｻｰﾊﾞｰ１２')).toEqual(terms('debianのサーバー12'));
});

test('pieces share the place of their word, and stop words keep theirs', () => {
  expect(searchTerms('edit the debian/rules now please file')).toEqual([
    { term: 'edit', at: 0, piece: false },
    { term: 'debian/rules', at: 2, piece: false },
    { term: 'debian', at: 2, piece: true },
    { term: 'rule', at: 3, piece: true },
    { term: 'file', at: 6, piece: false },
  ]);
});

test('NUL, emoji, half a surrogate pair and a megabyte without spaces are taken', () => {
  expect(terms('a\u0000pt 😀 \ud83d 𠮷野家')).toEqual(expect.arrayContaining(['pt', '𠮷野']));
  for (const term of terms('x'.repeat(1_000_000))) expect(term.length).toBeLessThanOrEqual(64);
});

test('any text gives terms that a tsvector takes as they are, and the same in every composition', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(..."aé'’\\:-_/.+#ー々壊れたサバｻﾞ１İß\ud800 ") }),
  );
  fc.assert(
    fc.property(text, (value) => {
      const found = searchTerms(value);
      expect(searchTerms(value.toWellFormed().normalize('NFKC'))).toEqual(found);
      for (const { term, at } of found) {
        expect(term).not.toMatch(/^$|['\\\s\0]/u);
        expect(term.isWellFormed()).toBe(true);
        expect(Number.isInteger(at) && at >= 0).toBe(true);
      }
    }),
    { numRuns: 500, examples: [['_ﾞ']] },
  );
});

test('a text that folding makes eighteen times as long has no more terms than a long passage', () => {
  const expanding = searchTerms('\ufdfa'.repeat(8_000));
  expect(expanding.length).toBeGreaterThan(100);
  expect(expanding.length).toBeLessThan(4_000);
  expect(questionWords('\ufdfa '.repeat(4_000), '\ufdfa'.repeat(8_000)).length).toBeLessThanOrEqual(64);
});
