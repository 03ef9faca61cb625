import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayOf, startOf } from '../rollup/day.ts';
import { dialogueCutoff } from './old-dialogues.ts';

const now = new Date('2026-03-09T17:00:00Z'); // 02:00 on 10 March in Tokyo

test('a dialogue is kept on its day in Tokyo and for the configured days after it', () => {
  expect(dialogueCutoff({ days: 7, now, firstUnrolled: null })).toEqual({
    before: new Date('2026-03-02T15:00:00Z'), // 3 March in Tokyo
    heldBackBy: null,
  });
});

test('a day without a rollup is kept with all later days', () => {
  expect(dialogueCutoff({ days: 7, now, firstUnrolled: '2026-02-28' })).toEqual({
    before: startOf('2026-02-28'),
    heldBackBy: '2026-02-28',
  });
  expect(dialogueCutoff({ days: 7, now, firstUnrolled: '2026-03-03' }).heldBackBy).toBeNull();
});

test('no dialogue is deleted early or late, and only whole days are deleted', () => {
  const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(moment, fc.integer({ min: 7, max: 36_500 }), (at, days) => {
      const { before } = dialogueCutoff({ days, now: at, firstUnrolled: null });
      const age = at.getTime() - before.getTime();
      expect(age).toBeGreaterThanOrEqual(days * 86_400_000);
      expect(age).toBeLessThan((days + 1) * 86_400_000);
      expect(before).toEqual(startOf(dayOf(before)));
      expect(dayOf(before)).toBe(addDays(dayOf(at), -days));
    }),
  );
});
