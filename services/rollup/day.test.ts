import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayOf, daysBetween, parseDay, startOf } from './day.ts';

test('a day in Asia/Tokyo begins at 15:00 UTC of the previous day', () => {
  expect(startOf('2026-03-05').toISOString()).toBe('2026-03-04T15:00:00.000Z');
  expect(dayOf(new Date('2026-03-04T14:59:59.999Z'))).toBe('2026-03-04');
  expect(dayOf(new Date('2026-03-04T15:00:00.000Z'))).toBe('2026-03-05');
});

test('every instant belongs to the same day as in the time zone database', () => {
  const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short' });
  const instants = fc.date({ min: new Date('1960-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (at) => {
      const day = dayOf(at);
      expect(day).toBe(calendar.format(at));
      expect(startOf(day) <= at && at < startOf(addDays(day, 1))).toBe(true);
    }),
  );
});

test('days cross the ends of months and leap years', () => {
  expect(daysBetween('2024-02-27', '2024-03-02')).toEqual([
    '2024-02-27',
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
    '2024-03-02',
  ]);
  expect(daysBetween('2026-01-01', '2025-12-31')).toEqual([]);
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-5', '20260105', '2026-01-05T00:00', '', 'yesterday'])(
  '%j is no day',
  (text) => {
    expect(parseDay(text)).toBeNull();
  },
);

test('a valid day is returned unchanged', () => {
  expect(parseDay('2024-02-29')).toBe('2024-02-29');
});
