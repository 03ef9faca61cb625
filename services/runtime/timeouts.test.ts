import { expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { timeLimits } from './timeouts.ts';

const limits = (env: Record<string, string> = {}) => timeLimits(loadConfig(env));
const model = { LLM_BASE_URL: 'http://127.0.0.1:1/v1', LLM_MODEL: 'm' };

test('a stopping server waits for model and record of answers in flight, then for the remaining records', () => {
  expect(limits()).toMatchObject({ answersMs: 20_000, drainMs: 48_000 });
  expect(limits({ ...model, LLM_TIMEOUT_MS: '70000', RECORD_DEADLINE: '7000' })).toMatchObject({
    answersMs: 82_000,
    drainMs: 102_000,
  });
});

test('a stopping server does not wait longer than an answer may take', () => {
  const env = { ...model, LLM_TIMEOUT_MS: '70000', LLM_MAX_ANSWER_MS: '20000' };
  expect(limits(env).answersMs).toBe(40_000);
});

test('an Idempotency-Key is reserved for longer than a stream may run', () => {
  expect(limits().longestQuestionMs).toBe(135_000);
  expect(limits(model).longestQuestionMs).toBe(735_000);
  expect(limits({ ...model, LLM_MAX_ANSWER_MS: '900000' }).longestQuestionMs).toBe(1_035_000);
});

test.each([{}, { RECORD_DEADLINE: '1' }, { ...model, LLM_TIMEOUT_MS: '3600000', RECORD_DEADLINE: '3600000' }])(
  'the Idempotency-Key of a question that may still be answered is never taken over, with %o',
  (env) => expect(limits(env).longestQuestionMs).toBeGreaterThan(limits(env).answersMs),
);
