import { expect, test } from 'vitest';
import { calibrate } from './calibrate.ts';
import { citeAnswer } from './cite.ts';
import { confidenceOf, supportOf } from './confidence.ts';
import { subjectTerms } from './support.ts';

const headings = subjectTerms('Library rules');
const confidence = (claim: string, excerpt: string) => confidenceOf(supportOf(claim, excerpt, headings));

test('a claim with all words of its excerpt is more certain than one with half of them', () => {
  const excerpt = 'Loans last three weeks and can be renewed twice at the desk.';
  const full = confidence('Loans last three weeks.', excerpt);
  const half = confidence('Loans of films are free for staff and last three weeks.', excerpt);
  expect(full).toBeGreaterThanOrEqual(0.9);
  expect(half).toBeLessThan(0.5);
});

test.each([
  ['Loans last 5 weeks.', 'Loans last 3 weeks.'],
  ['Loans last four weeks.', 'Loans last three weeks.'],
  ['貸し出しは5週間です。', '貸し出しは3週間です。'],
])('a claim with another number is hardly supported: %s', (claim, excerpt) =>
  expect(confidence(claim, excerpt)).toBeLessThan(0.1),
);

test('a number in words equals the same in digits', () => {
  expect(confidence('Loans last 3 weeks.', 'Loans last three weeks.')).toBeGreaterThanOrEqual(0.9);
});

test('a score between two measured points is interpolated, and beyond them it is that of the end', () => {
  const table = [[0.2, 0.1] as const, [0.6, 0.5] as const];
  expect([0, 0.4, 0.9].map((score) => calibrate(table, score))).toEqual([0.1, expect.closeTo(0.3), 0.5]);
});

test('a quotation without a model is as certain as that it answers the question', () => {
  const passage = {
    passageId: 'p',
    contentId: 'c',
    contentType: 'material' as const,
    title: 'Library rules',
    heading: '',
    text: 'Loans last three weeks.',
    pageNumber: null,
    startSeconds: null,
    paragraphIndex: 0,
    sourceUri: null,
    license: null,
    rank: 1,
  };
  const cited = citeAnswer({ text: 'Loans last three weeks.[1]', likelihood: 0.4 }, [passage], new Date(0), 'q');
  expect(cited.citations).toMatchObject([{ valid: true, confidence: 0.4 }]);
});
