import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SourceError, SourceUnreadable } from '../source-error.ts';
import { createReadApart, readApart } from './parser-pool.ts';

const ofReader = async (work: Promise<unknown>) => {
  let turns = 0;
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  done.catch(() => {});
  while (!over) {
    turns += 1;
    await turn();
  }
  return { done, turns };
};

test('a page whose reader would not end is refused until it changes, and everything else goes on meanwhile', async () => {
  const names = Array.from({ length: 400_000 }, (_, index) => `a${index}`);
  const read = createReadApart({ timeMs: 3_000, memory: 1_024 });
  const { done, turns } = await ofReader(read({ format: 'html', text: `<p ${names.join(' ')}>x` }));
  await expect(done).rejects.toThrow(new SourceUnreadable('cannot be read within 3 seconds'));
  await expect(done).rejects.toBeInstanceOf(SourceUnreadable);
  expect(turns).toBeGreaterThan(100);
});

test('a page that takes more memory than there is for one is refused, and the next one is read', async () => {
  const read = createReadApart({ timeMs: 120_000, memory: 64 });
  await expect(read({ format: 'html', text: '<p>x</p>'.repeat(1_000_000) })).rejects.toThrow(
    new SourceError('ended the program that read it; it may take more than 64 MiB'),
  );
  expect((await read({ format: 'html', text: '<p>next</p>' })).blocks).toMatchObject([{ text: 'next' }]);
});

test('pages that wait behind others that end every process are read after them', { timeout: 120_000 }, async () => {
  const read = createReadApart({ timeMs: 120_000, memory: 64 });
  const bad = Array.from({ length: 4 }, () => read({ format: 'html', text: '<p>x</p>'.repeat(1_000_000) }));
  const good = Array.from({ length: 5 }, (_, index) => read({ format: 'html', text: `<p>page ${index}</p>` }));
  for (const { status } of await Promise.allSettled(bad)) expect(status).toBe('rejected');
  expect((await Promise.all(good)).map(({ blocks }) => blocks[0]?.text)).toEqual(
    [0, 1, 2, 3, 4].map((n) => `page ${n}`),
  );
});

test('what a reader says of a document is told as it said it', { timeout: 120_000 }, async () => {
  const broken = readApart({ format: 'pdf', bytes: Buffer.from('no PDF at all') });
  await expect(broken).rejects.toBeInstanceOf(SourceError);
  await expect(broken).rejects.toThrow(/^is /);
});
