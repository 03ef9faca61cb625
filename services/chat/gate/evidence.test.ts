import { expect, test } from 'vitest';
import { questionWords } from '../search/question-words.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { likelihoodOf, REFUSED_BELOW } from './likelihood.ts';

const text = 'A locker costs 4 euros a month. Lockers are emptied on 30 June.';
const passage = {
  passageId: 'p',
  contentId: 'c',
  contentType: 'material' as const,
  title: 'Sports hall',
  heading: 'Lockers',
  text,
  pageNumber: null,
  startSeconds: null,
  paragraphIndex: 0,
  sourceUri: null,
  license: null,
  rank: 1,
};

/** As if the corpus had exactly the words of the passage. */
function evidence(query: string, standsOut: number | null = null): Evidence {
  const known = (term: string) => (text.toLowerCase().includes(term) ? 1 : 0);
  const words = questionWords(query, null).map((word) => ({
    ...word,
    weight: known(word.term) ? 1 : 2,
    known: known(word.term),
  }));
  const found = words.filter((word) => word.known > 0).length / Math.max(1, words.length);
  const quoted = text.split(/(?<=\.) /).map((sentence) => ({ text: sentence, passage }));
  return evidenceOf(query, { words, coverage: found, standsOut }, quoted);
}
const refused = (query: string, standsOut: number | null = null) =>
  likelihoodOf(evidence(query, standsOut)) < REFUSED_BELOW;

test('an amount answers a question for a price without the word', () => {
  expect(evidence('What is the price of a locker?')).toMatchObject({ type: 0, missing: 0 });
  expect(refused('What is the price of a locker?')).toBe(false);
});

test.each(['Who empties the sauna?', 'What does error L7 mean?', 'Where can I rent rackets?'])(
  'what the passage lacks is refused: %s',
  (query) => expect(refused(query)).toBe(true),
);

test('a missing identifier weighs more in a short question than in a long description', () => {
  const short = evidence('What does L7 mean?').identifier;
  const long = evidence(
    'After the party my locker shows L7, the euros are lost, June is near, what happens?',
  ).identifier;
  expect(short).toBe(1);
  expect(long).toBeLessThan(short);
});

test('closeness in meaning makes up for words, not for identifiers', () => {
  const query = 'When are the cupboards cleared?';
  expect(evidence(query, 8).missing).toBeLessThan(evidence(query).missing);
  expect(evidence('What does error L7 mean?', 8).identifier).toBe(evidence('What does error L7 mean?').identifier);
});
