import { expect, test } from 'vitest';
import { finishReasonOf } from './finish-reason.ts';

test.each([
  ['stop', 'stop'],
  ['STOP', 'stop'],
  ['end_turn', 'stop'],
  ['FINISH_REASON_MAX_TOKENS', 'length'],
  ['max-tokens', 'length'],
  ['maxTokens', 'length'],
  ['tool_calls', 'tool_calls'],
  ['', null],
  ['unknown', null],
  [null, null],
])('the finish reason %s is %s', (reported, word) => {
  expect(finishReasonOf(reported)).toBe(word);
});
