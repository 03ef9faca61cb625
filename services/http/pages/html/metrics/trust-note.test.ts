import { expect, test } from 'vitest';
import { htmlText } from '../shared/html.ts';
import { trustNote } from './trust-note.ts';

const validation = {
  score: 'answer_relevance',
  version: 'words-1',
  set: 'votes',
  auc: 0.6,
  low: 0.52,
  high: 0.678,
  answers: 1234,
};

test.each([
  ['en', { validation, isShown: true }, 'validated', 'with AUC 0.60 (0.52 to 0.68, 1,234 answers)'],
  [
    'en',
    { validation: { ...validation, low: 0.48 }, isShown: false },
    'not-validated',
    'Not validated: AUC 0.60 (0.48 to 0.68',
  ],
  ['en', { validation: null, isShown: true }, 'unknown', 'Not validated yet'],
  [
    'ja',
    { validation: { ...validation, low: 0.48 }, isShown: false },
    'not-validated',
    '検証されていません。AUC 0.60（0.48～0.68',
  ],
] as const)('the page (%s) shows the figure of the relevance score: %j', (language, trust, state, text) => {
  const note = htmlText(trustNote(trust, language));
  expect(note).toContain(`data-state="${state}"`);
  expect(note).toContain(text);
});
