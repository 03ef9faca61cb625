import { expect, test } from 'vitest';
import { tellTroubles } from './report-sdk-errors.ts';

function teller() {
  const lines: string[] = [];
  const time = { now: 1009 };
  return {
    lines,
    time,
    troubles: tellTroubles(
      (line) => lines.push(line),
      () => time.now,
    ),
  };
}

test("an error that the SDK hands over with its stack becomes one line with the error's message", () => {
  const { lines, troubles } = teller();
  troubles.error('{"stack":"Error: refused\\n    at x","message":"connect ECONNREFUSED 127.0.0.1:4318"}');
  troubles.warn('two\nlines', 'and a log line');
  expect(lines).toEqual(['telemetry: connect ECONNREFUSED 127.0.0.1:4318', 'telemetry: two lines']);
});

test('a trouble that lasts is told once a minute', () => {
  const { lines, time, troubles } = teller();
  for (let second = 0; second < 150; second += 1) {
    troubles.error('away');
    time.now += 1000;
  }
  expect(lines).toHaveLength(3);
});

test('what is no trouble is not told', () => {
  const { lines, troubles } = teller();
  troubles.info('started');
  troubles.debug('sent');
  expect(lines).toEqual([]);
});
