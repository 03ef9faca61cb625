import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readWithin } from './receive-body.ts';

test('a body that does not arrive in time is a problem', async () => {
  const stream = new PassThrough();
  stream.write('{');
  await expect(readWithin(stream, 20, () => {})).rejects.toMatchObject({ status: 408 });
});

test('a body is counted piece by piece, and the count can refuse it', async () => {
  const counted: number[] = [];
  const body = await readWithin(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 60_000, (bytes) => {
    counted.push(bytes);
  });
  expect([body.toString(), counted]).toEqual(['abc', [2, 1]]);
  const refuse = () => {
    throw new Error('too much');
  };
  await expect(readWithin(Readable.from([Buffer.from('ab')]), 60_000, refuse)).rejects.toThrow('too much');
});
