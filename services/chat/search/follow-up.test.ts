import { expect, test } from 'vitest';
import { topicOf } from './follow-up.ts';

const turns = (...queries: readonly string[]) => queries.map((query) => ({ query, answer: '' }));

test('a follow-up carries the topic of the question before it', () => {
  expect(topicOf('And how long does it take?', turns('How do I get a refund?'))).toBe('How do I get a refund?');
  expect(topicOf('それはいつですか', turns('返金の手続きを教えてください'))).toBe('返金の手続きを教えてください');
});

test('several follow-ups in a row keep the topic of the first question', () => {
  const history = turns('How do I get a refund?', 'How long does it take?', 'Why is that?');
  expect(topicOf('And what does it cost?', history)).toBe('How do I get a refund?');
});

test('a question that names what it is about stands alone', () => {
  const history = turns('How do I get a refund?');
  expect(topicOf('How do I change the password of this account?', history)).toBeNull();
  expect(topicOf('And how long does it take?', [])).toBeNull();
});
