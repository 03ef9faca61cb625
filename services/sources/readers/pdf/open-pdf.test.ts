import { expect, test } from 'vitest';
import { SourceError } from '../../source-error.ts';
import { parsed } from './open-pdf.ts';

test.each([new RangeError('Invalid array length'), new SourceError('is too large')])(
  '%s is not reported as a damaged file',
  async (error) => {
    await expect(parsed(Promise.reject(error))).rejects.toBe(error);
  },
);

test('any other error of pdf.js is reported as a damaged file, with its cause', async () => {
  const cause = new TypeError('bad XRef entry');
  await expect(parsed(Promise.reject(cause))).rejects.toMatchObject({
    message: 'is not a complete PDF file: it is damaged or truncated',
    cause,
  });
});
