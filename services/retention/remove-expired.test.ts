import { expect, test } from 'vitest';
import type { ExpiredContent } from './remove-expired.ts';
import { createRemoveExpired } from './remove-expired.ts';

const at = new Date('2026-03-09T17:00:00Z');
const content = (provenanceId: string) => ({ provenanceId, passages: 7 }) as ExpiredContent;

/** A store of documents by name, which finds two at a time. */
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
    isUnavailable: (error) => error instanceof Error && error.message === 'unavailable',
  });
  const reported: string[] = [];
  const run = (signal = new AbortController().signal) =>
    removeExpired({
      at,
      signal,
      onRemoved: ({ provenanceId }) => reported.push(provenanceId),
      onFailed: ({ provenanceId }, error) => reported.push(`${provenanceId}: ${(error as Error).message}`),
    });
  return { left, reported, run };
}

test('documents that cannot be removed are reported once, and all others are removed', async () => {
  const { left, reported, run } = shelf(['a', 'b', 'c', 'd', 'e'], (name) =>
    'abd'.includes(name) ? new Error('no') : null,
  );
  await run();
  expect(reported).toEqual(['a: no', 'b: no', 'c', 'd: no', 'e']);
  expect([...left]).toEqual(['a', 'b', 'd']);
});

test('an unavailable store ends the run, and the next run continues', async () => {
  let unavailable = true;
  const { reported, run } = shelf(['a', 'b', 'c'], (name) =>
    name === 'b' && unavailable ? new Error('unavailable') : null,
  );
  await expect(run()).rejects.toThrow('unavailable');
  unavailable = false;
  await run();
  expect(reported).toEqual(['a', 'b', 'c']);
});

test('when stopped, it removes no further document', async () => {
  const { reported, run } = shelf(['a', 'b']);
  await expect(run(AbortSignal.abort())).rejects.toThrow();
  expect(reported).toEqual([]);
});
