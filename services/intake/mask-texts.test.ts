import { expect, test } from 'vitest';
import { createMaskText, maskFault } from './mask-texts.ts';

test('masks are applied one after the other, to every place, and a replacement is a text', () => {
  const mask = createMaskText([
    { pattern: '\\d{4}-\\d{4}', replacement: '[card]' },
    { pattern: '[\\w.]+@[\\w.]+', replacement: '$&' },
  ]);
  expect(mask('1234-5678 and 8765-4321 of ken@shop.example')).toBe('[card] and [card] of $&');
  expect(mask('no match')).toBe('no match');
  expect(createMaskText([])('unchanged')).toBe('unchanged');
});

test.each([
  ['(', 'is not a regular expression'],
  ['', 'is empty'],
  ['x*', 'matches the empty text'],
  ['\\p{Nonsense}', 'is not a regular expression'],
])('the pattern %s is refused: it %s', (pattern, fault) => {
  expect(maskFault({ pattern, replacement: '' })).toBe(fault);
  expect(() => createMaskText([{ pattern, replacement: '' }])).toThrow('not a usable regular expression');
});
