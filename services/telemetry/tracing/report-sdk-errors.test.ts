import { expect, test } from 'vitest';
import { reportSdkErrors } from './report-sdk-errors.ts';

function reporter() {
  const lines: string[] = [];
  const time = { now: 1009 };
  return {
    lines,
    time,
    logger: reportSdkErrors(
      (line) => lines.push(line),
      () => time.now,
    ),
  };
}

test('an SDK error with a stack becomes one line with its message', () => {
  const { lines, logger } = reporter();
  logger.error('{"stack":"Error: refused\\n    at x","message":"connect ECONNREFUSED 127.0.0.1:4318"}');
  logger.warn('two\nlines', 'and a log line');
  expect(lines).toEqual(['telemetry: connect ECONNREFUSED 127.0.0.1:4318', 'telemetry: two lines']);
});

test('an error that persists is reported once a minute', () => {
  const { lines, time, logger } = reporter();
  for (let second = 0; second < 150; second += 1) {
    logger.error('unreachable');
    time.now += 1000;
  }
  expect(lines).toHaveLength(3);
});

test('information and debug messages are not reported', () => {
  const { lines, logger } = reporter();
  logger.info('started');
  logger.debug('sent');
  expect(lines).toEqual([]);
});
