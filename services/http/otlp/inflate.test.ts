import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decompress, TooLarge } from './inflate.ts';
import { MalformedRequest, otlpLimits } from './limits.ts';

const text = Buffer.from('{"resourceSpans": []}');

test('bodies in gzip, in deflate with and without a header, and in several gzip members are read', async () => {
  expect(await decompress(gzipSync(text), 'gzip')).toEqual(text);
  expect(await decompress(deflateSync(text), 'deflate')).toEqual(text);
  expect(await decompress(deflateRawSync(text), 'deflate')).toEqual(text);
  expect(await decompress(text, 'identity')).toEqual(text);
  const members = Buffer.concat([gzipSync('{"resource'), gzipSync('Spans": []}')]);
  expect(await decompress(members, 'gzip')).toEqual(text);
});

test('a bomb of 4 MiB that inflates to gigabytes is refused within bounded memory', async () => {
  const megabyte = gzipSync(Buffer.alloc(1_048_576), { level: 9 });
  const bomb = Buffer.concat(Array.from({ length: 4_000 }, () => megabyte));
  expect(bomb.length).toBeLessThan(4 * 1_048_576 + 200_000);
  const before = process.memoryUsage().rss;
  await expect(decompress(bomb, 'gzip')).rejects.toThrow(TooLarge);
  expect(process.memoryUsage().rss - before).toBeLessThan(10 * otlpLimits.inflatedBytes);
});

test('a body that is not compressed as it says is malformed', async () => {
  await expect(decompress(text, 'gzip')).rejects.toThrow(MalformedRequest);
  await expect(decompress(text, 'deflate')).rejects.toThrow(MalformedRequest);
  await expect(decompress(gzipSync(text).subarray(0, 20), 'gzip')).rejects.toThrow(MalformedRequest);
});
