import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../../../test/kit/programs/serve-app.ts';

test('a second export of one user gets 429 until the first has ended; other users are not affected', async () => {
  const more = Promise.withResolvers<void>();
  let started = 0;
  await using app = await serveApp({
    exportMe: async function* pages() {
      started += 1;
      yield [{ type: 'end' as const, rows: 0 }];
      if (started === 1) await more.promise;
    },
  });
  const [one, other] = [await bearer({ id: randomUUID() }), await bearer({ id: randomUUID() })];
  const read = (headers: Record<string, string>) => fetch(`${app.url}/api/me/export`, { headers });
  const first = await read(one);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const refused = await read(one);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  }
  expect((await read(other)).status).toBe(200);
  more.resolve();
  await first.text();
  await expect.poll(async () => (await read(one)).status).toBe(200);
  expect(started).toBe(3);
});
