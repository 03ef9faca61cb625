import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createModelLabels } from './model-label.ts';

test('the names of models stay as they are', () => {
  const label = createModelLabels(7);
  for (const model of ['gpt-5.2-mini', 'qwen3:8b', 'meta-llama/Llama-4@q4', 'extractive'])
    expect(label(model)).toBe(model);
});

test('a question that failed before it reached a model has the label none', () => {
  expect(createModelLabels(7)(null)).toBe('none');
});

test('a server that answers a new name each time fills a handful of series, and the known models keep theirs', () => {
  const label = createModelLabels(3);
  label('ours');
  const labels = new Set(Array.from({ length: 1009 }, (_, n) => label(`made-up-${n}`)));
  expect([...labels]).toEqual(['made-up-0', 'made-up-1', 'other']);
  expect(label('ours')).toBe('ours');
});

test('whatever a server calls its model, the label is short, printable and not empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(9), (model, times) => {
      expect(createModelLabels(1)(model.repeat(times))).toMatch(/^[\w.:/@+-]{1,100}$/);
    }),
  );
});
