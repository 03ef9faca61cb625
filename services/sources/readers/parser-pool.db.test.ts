import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SourceError, SourceUnreadable } from '../source-error.ts';
import { createParserPool, parseDocument } from './parser-pool.ts';

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

test('a page that takes too long is refused until it changes, and the event loop keeps running', {
  timeout: 120_000,
}, async () => {
  const names = Array.from({ length: 400_000 }, (_, index) => `a${index}`);
  const { parseDocument: read } = createParserPool({ timeMs: 3_000, memory: 1_024 });
  const { done, turns } = await ofReader(read({ format: 'html', text: `<p ${names.join(' ')}>x` }));
  await expect(done).rejects.toThrow(new SourceUnreadable('cannot be read within 3 seconds'));
  await expect(done).rejects.toBeInstanceOf(SourceUnreadable);
  expect(turns).toBeGreaterThan(100);
});

test('a page that needs more memory than the limit is refused, and the next one is read', {
  timeout: 120_000,
}, async () => {
  const { parseDocument: read } = createParserPool({ timeMs: 120_000, memory: 160 });
  await expect(read({ format: 'html', text: '<p>x</p>'.repeat(1_000_000) })).rejects.toThrow(
    new SourceUnreadable('ended the process that read it, twice; it may need more than 160 MiB'),
  );
  expect((await read({ format: 'html', text: '<p>next</p>' })).blocks).toMatchObject([{ text: 'next' }]);
});

test('queued pages are read after others that end every process', { timeout: 120_000 }, async () => {
  const { parseDocument: read } = createParserPool({ timeMs: 120_000, memory: 160 });
  const bad = Array.from({ length: 4 }, () => read({ format: 'html', text: '<p>x</p>'.repeat(1_000_000) }));
  const good = Array.from({ length: 5 }, (_, index) => read({ format: 'html', text: `<p>page ${index}</p>` }));
  for (const { status } of await Promise.allSettled(bad)) expect(status).toBe('rejected');
  expect((await Promise.all(good)).map(({ blocks }) => blocks[0]?.text)).toEqual(
    [0, 1, 2, 3, 4].map((n) => `page ${n}`),
  );
});

test('the message of a reader is passed on unchanged', { timeout: 120_000 }, async () => {
  const broken = parseDocument({ format: 'pdf', bytes: Buffer.from('no PDF at all') });
  await expect(broken).rejects.toBeInstanceOf(SourceError);
  await expect(broken).rejects.toThrow(/^is /);
});
