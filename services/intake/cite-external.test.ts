import { expect, test } from 'vitest';
import { citeExternal, type KnownDocument } from './cite-external.ts';
import type { ExternalTurn } from './external-turn.ts';

const at = new Date('2026-11-30T00:00:00Z');
const known = (text: string | null, values: Partial<KnownDocument> = {}): KnownDocument => ({
  id: null,
  text,
  url: null,
  title: null,
  license: null,
  score: null,
  own: null,
  registered: null,
  ...values,
});
const turn = (answer: string, values: Partial<ExternalTurn> = {}): ExternalTurn => ({
  service: 'shop',
  id: null,
  traceId: null,
  rootSpanId: null,
  askedAt: at,
  question: 'How long can I return an item?',
  answer,
  error: null,
  documents: [],
  calls: null,
  latencyMs: null,
  firstTokenMs: null,
  user: null,
  session: null,
  tenant: null,
  release: null,
  outcome: null,
  finishReason: null,
  feedback: null,
  dropped: [],
  dialect: 'rest',
  ...values,
});
const returns = 'Unopened items can be returned within 14 days of delivery.';
const cite = (answer: string, documents: KnownDocument[] | null, values: Partial<ExternalTurn> = {}) =>
  citeExternal(turn(answer, values), documents, [], at);

test('where the sender dropped documents, nothing is called invalid', () => {
  const answer = 'Unopened items can be returned within 14 days of delivery [1]. The moon is visited on Fridays [1].';
  expect(cite(answer, [known(returns)])).toMatchObject({ citationRate: 50, notJudged: [] });
  expect(cite(answer, [known(returns)], { dropped: ['documents'] })).toMatchObject({
    citationRate: null,
    citations: [{ valid: true }, { valid: null }],
    notJudged: ['documents_dropped', 'other_language'].slice(0, 1),
  });
  const all = 'Unopened items can be returned within 14 days of delivery [1].';
  expect(cite(all, [known(returns)], { dropped: ['documents'] }).citationRate).toBe(100);
  expect(cite(answer, [known(returns)], { dropped: ['answer'] })).toMatchObject({
    citationRate: null,
    notJudged: ['answer_truncated'],
  });
});

test('an attributed sentence takes the document that supports it best, and a weak match is none', () => {
  const documents = [known('Items can be bought.', { id: 'weak' }), known(returns, { id: 'strong' })];
  const attributed = cite('You can return unopened items within 14 days of delivery.', documents);
  expect(attributed).toMatchObject({ attributed: true, citationRate: 100, citations: [{ contentId: 'strong' }] });
  expect(cite('Items arrive by drone on Sundays in autumn.', documents)).toMatchObject({
    attributed: false,
    citationRate: 0,
    citations: [],
  });
});

test('a sentence without support is not judged while a document has no text', () => {
  const documents = [known(returns), known(null, { id: 'unseen' })];
  expect(cite('Items arrive by drone on Sundays in autumn.', documents)).toMatchObject({
    citationRate: null,
    notJudged: ['documents_without_text'],
  });
});

test('the licence is that of the document, else of the register, else of our own content, else unknown', () => {
  const registered = { license: 'mit' as const, expiresAt: null };
  const own = { contentId: 'c', license: 'cc_by_nc' as const };
  const of = (values: Partial<KnownDocument>) =>
    cite('Unopened items can be returned within 14 days of delivery [1].', [known(returns, values)]).licenses;
  expect(of({ license: 'CC BY-SA 4.0', registered, own })).toEqual(['cc_by_sa']);
  expect(of({ license: 'a licence of our own', registered, own })).toEqual(['mit']);
  expect(of({ own })).toEqual(['cc_by_nc']);
  expect(of({})).toEqual([null]);
  expect(cite('Because.', null).licenses).toBeNull();
});

test('what the application says itself decides between an answer and "no answer"', () => {
  const refusal = 'The provided documents do not contain any information about this.';
  expect(cite(refusal, [known(returns)]).outcome).toBe('no_answer');
  expect(cite('Within 14 days [1].', [known(returns)], { outcome: 'no_answer' }).outcome).toBe('no_answer');
});

test('a hundred documents and a long answer are compared within the time of a request', () => {
  const documents = Array.from({ length: 100 }, (_, index) =>
    known(`${returns} Number ${index} of the shop. `.repeat(20)),
  );
  const answer = 'You can return unopened items within 14 days of delivery. '.repeat(50);
  expect(cite(answer, documents)).toMatchObject({ attributed: true, citationRate: 100 });
});
