import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../../../test/kit/programs/serve-app.ts';
import type { ExportLine } from './export.ts';

const key = (length: number): ExportLine => ({
  type: 'idempotency_key',
  key: 'k'.repeat(length),
  requestSha256: 'ab',
  dialogueId: '7c9d8a51-6c1f-4c57-9a51-2f6f0b7c9d43',
  createdAt: new Date('2026-03-07T04:05:06.789Z'),
});

test('the export reads pages at the pace of the client and stops when the client disconnects', async () => {
  let read = 0;
  const ended = Promise.withResolvers<void>();
  async function* endless(): AsyncGenerator<readonly ExportLine[]> {
    try {
      for (;;) {
        read += 1;
        yield [key(100_000)];
      }
    } finally {
      ended.resolve();
    }
  }
  await using app = await serveApp({ exportMe: endless });
  const request = get(`${app.url}/api/me/export`, { headers: await bearer() });
  request.on('error', () => {});
  const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  response.pause();
  // The client does not read: socket buffers fill up, then reading stops.
  let before = -1;
  await expect
    .poll(
      () => {
        const stopped = read === before;
        before = read;
        return stopped;
      },
      { interval: 150 },
    )
    .toBe(true);
  expect(read).toBeLessThan(200);
  request.destroy();
  await ended.promise;
});
