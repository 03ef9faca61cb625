import { expect, test } from 'vitest';
import type { ExpiredContent } from './expired-content.ts';
import { createRemoveExpired } from './remove-expired.ts';

const at = new Date('2026-03-09T17:00:00Z');
const content = (provenanceId: string) => ({ provenanceId, passages: 7 }) as ExpiredContent;

/** A store of contents by name, of which two are found at a time. */
function shelf(names: string[], refuse: (name: string) => Error | null = () => null) {
  const left = new Set(names);
  const removeExpired = createRemoveExpired({
    find: async ({ except }) =>
      [...left]
        .filter((name) => !except.includes(name))
        .slice(0, 2)
        .map(content),
    remove: async ({ provenanceId }) => {
      const error = refuse(provenanceId);
      if (error !== null) throw error;
      return left.delete(provenanceId) ? content(provenanceId) : null;
    },
    isUnavailable: (error) => error instanceof Error && error.message === 'away',
  });
  const told: string[] = [];
  const run = (signal = new AbortController().signal) =>
    removeExpired({
      at,
      signal,
      onRemoved: ({ provenanceId }) => told.push(provenanceId),
      onFailed: ({ provenanceId }, error) => told.push(`${provenanceId}: ${(error as Error).message}`),
    });
  return { left, told, run };
}

test('contents that cannot be removed are told once, and all others go', async () => {
  const { left, told, run } = shelf(['a', 'b', 'c', 'd', 'e'], (name) =>
    'abd'.includes(name) ? new Error('no') : null,
  );
  await run();
  expect(told).toEqual(['a: no', 'b: no', 'c', 'd: no', 'e']);
  expect([...left]).toEqual(['a', 'b', 'd']);
});

test('a store that is away ends the run, and the next one goes on where it ended', async () => {
  let away = true;
  const { told, run } = shelf(['a', 'b', 'c'], (name) => (name === 'b' && away ? new Error('away') : null));
  await expect(run()).rejects.toThrow('away');
  away = false;
  await run();
  expect(told).toEqual(['a', 'b', 'c']);
});

test('told to stop, it begins no further content', async () => {
  const { told, run } = shelf(['a', 'b']);
  await expect(run(AbortSignal.abort())).rejects.toThrow();
  expect(told).toEqual([]);
});
