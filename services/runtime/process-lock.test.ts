import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processArguments, processStart } from './process-identity.ts';
import { acquireLock, announce } from './process-lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rag-presence-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a process is listed with its note until it leaves', () => {
  const [one, two] = [announce(directory, 'one'), announce(directory)];
  two.setNote('two');
  expect(one.others()).toMatchObject([{ pid: process.pid, note: 'two' }]);
  two.leave();
  expect(one.others()).toEqual([]);
});

test('a reused process id does not hold the lock', async () => {
  writeFileSync(join(directory, `${process.ppid}_another-start_1`), 'an address');
  const lock = await acquireLock(directory, 0);
  expect('held' in lock).toBe(true);
  expect(readdirSync(directory)).toHaveLength(1);
});

test('a second process gets the id and note of the holder', async () => {
  const first = await acquireLock(directory, 0);
  if (!('held' in first)) throw new Error('the lock is held');
  first.held.setNote('http://localhost:3000');
  expect(await acquireLock(directory, 50)).toMatchObject({
    heldBy: { pid: process.pid, note: 'http://localhost:3000' },
  });
  first.held.leave();
  expect('held' in (await acquireLock(directory, 0))).toBe(true);
});

test('one of many concurrent callers holds the lock at a time', async () => {
  let holding = 0;
  const rounds = Array.from({ length: 12 }, async () => {
    const lock = await acquireLock(directory, 20_000);
    if (!('held' in lock)) throw new Error('did not get the lock');
    holding += 1;
    expect(holding).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    holding -= 1;
    lock.held.leave();
  });
  await Promise.all(rounds);
});

test('a missing process has no start time, and this one has arguments', () => {
  expect(processStart(2 ** 22 + 7)).toBe(null);
  expect(processStart(0)).toBe(null);
  expect(processStart(process.pid)).toMatch(/^[^_/]+$/);
  expect(processArguments(process.pid)).toContain('node');
});
