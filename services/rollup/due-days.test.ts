import { expect, test } from 'vitest';
import { catchUpDays, nightlyDays } from './due-days.ts';

const today = '2026-03-10';

test('the nightly run recomputes the last seven days, because votes arrive late', () => {
  expect(nightlyDays({ firstDay: '2025-01-01', missing: ['2026-03-09'] }, today)).toEqual([
    '2026-03-03',
    '2026-03-04',
    '2026-03-05',
    '2026-03-06',
    '2026-03-07',
    '2026-03-08',
    '2026-03-09',
  ]);
});

test('the nightly run includes older missing days, oldest first and each once', () => {
  expect(nightlyDays({ firstDay: '2026-01-01', missing: ['2026-03-05', '2026-01-31'] }, today)).toEqual([
    '2026-01-31',
    '2026-03-03',
    '2026-03-04',
    '2026-03-05',
    '2026-03-06',
    '2026-03-07',
    '2026-03-08',
    '2026-03-09',
  ]);
});

test('days before the first question are omitted, but yesterday is always included', () => {
  expect(nightlyDays({ firstDay: '2026-03-08', missing: ['2026-03-09'] }, today)).toEqual(['2026-03-08', '2026-03-09']);
  expect(nightlyDays({ firstDay: today, missing: [] }, today)).toEqual(['2026-03-09']);
  expect(nightlyDays({ firstDay: null, missing: [] }, today)).toEqual(['2026-03-09']);
});

test('the catch-up run includes only missing days', () => {
  expect(catchUpDays({ firstDay: '2026-01-01', missing: ['2026-03-05', '2026-01-31'] })).toEqual([
    '2026-01-31',
    '2026-03-05',
  ]);
});
