import { expect, test } from 'vitest';
import type { Check } from '../../failure/check.ts';
import { checkLine, keepChecks, runChecks } from './run-checks.ts';

const good: Check = { name: 'model', run: async () => ({ state: 'ok', detail: 'm answers' }) };
const broken: Check = { name: 'keys', run: () => Promise.reject(new Error('a secret')) };

test('results keep the order of the checks, and a check that throws is a failed one', async () => {
  const results = await runChecks([broken, good]);
  expect(results).toMatchObject([
    { name: 'keys', state: 'failed' },
    { name: 'model', state: 'ok' },
  ]);
  expect(JSON.stringify(results)).not.toContain('secret');
});

test('nothing is checked before the first reader', async () => {
  let runs = 0;
  const checks = keepChecks([{ name: 'n', run: async () => ({ state: 'ok', detail: `run ${++runs}` }) }], () => 0);
  expect(runs).toBe(0);
  await checks.read();
  expect(runs).toBe(1);
});

test('readers get the kept results, which are renewed once when they are older than a minute', async () => {
  let now = 0;
  let runs = 0;
  const counting: Check = { name: 'n', run: async () => ({ state: 'ok', detail: `run ${++runs}` }) };
  const checks = keepChecks([counting], () => now);
  await checks.read();
  await Promise.all([checks.read(), checks.read()]);
  expect(runs).toBe(1);
  now = 61_000;
  expect(await checks.read()).toMatchObject([{ detail: 'run 1' }]);
  await checks.read();
  await runChecks([counting]); // ends after the renewal, which began before it
  expect(await checks.read()).toMatchObject([{ detail: 'run 2' }]);
});

test('a failed check is printed with what to do', () => {
  expect(checkLine({ name: 'model', state: 'failed', detail: 'it answered 401', fix: 'check LLM_API_KEY' })).toBe(
    'failed  model: it answered 401. Fix: check LLM_API_KEY.',
  );
  expect(checkLine({ name: 'model', state: 'ok', detail: 'm answers' })).toBe('ok      model: m answers');
});
