import { Cron } from 'croner';
import { expect, test } from 'vitest';
import { schedules, timeZone } from './schedule.ts';

test('the nightly run starts at 02:00 in Tokyo, whatever the time zone of the worker', () => {
  const night = new Cron(schedules.nightly, { timezone: timeZone, paused: true });
  expect(night.nextRun('2026-03-04T16:59:59Z')).toEqual(new Date('2026-03-04T17:00:00Z'));
  expect(night.nextRun('2026-03-04T17:00:00Z')).toEqual(new Date('2026-03-05T17:00:00Z'));
});

test('a failed night is caught up within an hour', () => {
  const mending = new Cron(schedules.catchUp, { timezone: timeZone, paused: true });
  expect(mending.nextRun('2026-03-04T17:05:00Z')).toEqual(new Date('2026-03-04T17:37:00Z'));
});
