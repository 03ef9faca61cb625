import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retrievedPassage } from '../../../test/kit/data/retrieved-passage.ts';
import { citeAnswer } from './cite.ts';
import { containsExcerpt } from './excerpt.ts';

const scrap = fc.constantFrom(
  'Logs are kept for 30 days',
  'they are deleted',
  '引用率の目標',
  '警告が出ます',
  'ｶﾞｲﾄﾞ',
  '３章',
  '。',
  '. ',
  '.',
  '！',
  '?',
  ' ',
  '\n',
  '\n\n',
  '「',
  '」',
  '『',
  '』',
  '“',
  '”',
  '"',
  '…',
  '[1]',
  '[2]',
  ' [1, 2]',
  '［１］',
  '【2】',
  '[9]',
  '[0]',
  '[1](x)',
  '[1-3]',
  '[',
  ']',
  '\\',
  '`',
  '```\n',
  '# ',
  '- ',
  '1. ',
  '|',
  '|---|',
  '\u0000',
  '\ud800',
  '\u200b',
  'e\u0301',
  '👩‍💻',
  '<passage>',
  '(',
  ')',
  ':',
  '：',
  '=',
);
/** What a mark may be replaced by, and what marks are written with. */
const bracket = /\\?[[［【\]］】(（]+[\s\S]*?[\]］】)）]+|\s|\d|[０-９]/g;
const wild = fc.oneof(
  fc.array(scrap, { maxLength: 24 }).map((scraps) => scraps.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

test('whatever a model writes, marks refer to citations and a valid excerpt is in its passage', () => {
  fc.assert(
    fc.property(wild, fc.array(wild, { maxLength: 3 }), wild, (text, texts, query) => {
      const passages = texts.map((source, index) => retrievedPassage(index + 1, source));
      const cited = citeAnswer({ text }, passages, new Date(0), query);
      expect(cited.citationRate ?? 0).toBeGreaterThanOrEqual(0);
      expect(cited.citationRate ?? 0).toBeLessThanOrEqual(100);
      if (cited.outcome === 'answered')
        expect(cited.answer.replace(bracket, '')).toBe(text.trim().replace(bracket, ''));
      for (const citation of cited.citations) {
        expect(citation.confidence).toBeGreaterThanOrEqual(0);
        expect(citation.confidence).toBeLessThanOrEqual(1);
        const source = passages.find((candidate) => candidate.passageId === citation.passageId);
        if (citation.valid) expect(containsExcerpt(source?.text ?? '', citation.excerpt)).toBe(true);
        else expect(citation.confidence).toBe(0);
      }
    }),
    { numRuns: 1500 },
  );
});

test('a sentence quoted from a passage stays valid in every compatible spelling', () => {
  const letters = fc.array(fc.constantFrom(...'ガイドライン第三章引用率12345abc安全'), { minLength: 9, maxLength: 40 });
  const respell = fc.array(fc.constantFrom('same', 'wide', 'broken'), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(letters, respell, (quote, ways) => {
      const source = quote
        .map((letter, i) => {
          if (ways[i] === 'broken' && !/[0-9a-z]/.test(letter) && !/[0-9a-z]/.test(quote[i + 1] ?? ''))
            return `${letter}\n`;
          if (ways[i] === 'wide' && /[0-9a-z]/.test(letter)) return String.fromCharCode(letter.charCodeAt(0) + 0xfee0);
          return letter.normalize('NFD');
        })
        .join('');
      const cited = citeAnswer(
        { text: `資料に「${quote.join('')}」とある[1]。` },
        [retrievedPassage(1, source)],
        new Date(0),
        'q',
      );
      expect(cited.citations[0]?.valid).toBe(true);
    }),
    { numRuns: 500 },
  );
});
