import { expect, test } from 'vitest';
import { describeKey, isSendable } from './key-characters.ts';

test.each([
  ['sk-abc\n', 'ends with a line break'],
  ['sk-abc\r\n', 'ends with a line break'],
  [' sk-abc', 'begins with a blank'],
  ['sk-abc\u3000', 'ends with a blank'],
  ['\ufeffsk-abc', 'begins with a byte order mark (U+FEFF)'],
  ['"sk-abc"', 'is in quotation marks'],
  ['“sk-abc”', 'is in quotation marks'],
  ["'sk-abc'", 'is in quotation marks'],
  ['Bearer sk-abc', 'begins with "Bearer"'],
  ['sk-ab…yz', 'contains an ellipsis (…)'],
  ['sk-\u200babc', 'contains an invisible character (U+200B) at character 4'],
  ['sk-äbc', 'contains a character that is not ASCII (U+00E4) at character 4'],
  ['sk-ａbc', 'contains a character that is not ASCII (U+FF41) at character 4'],
  ['sk abc', 'contains a blank at character 3'],
  ['sk-a\nbc', 'contains a line break at character 5'],
  ['sk-a\u0007bc', 'contains an invisible character (U+0007) at character 5'],
  ['  ', 'is blank'],
])('%j: the message says that it %s, and does not show the key', (key, what) => {
  const message = describeKey('LLM_API_KEY', key);
  expect(message).toContain(`LLM_API_KEY ${what}`);
  expect(message).not.toContain('sk-');
});

test.each(['sk-proj-abc_DEF.123', 'a"b', '0123=='])('%s is accepted', (key) => {
  expect(describeKey('LLM_API_KEY', key)).toBeNull();
  expect(isSendable(key)).toBe(true);
});
