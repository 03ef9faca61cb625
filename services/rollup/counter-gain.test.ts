import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counterGain, type Sample } from './counter-gain.ts';

const day = { from: 1_000, to: 2_000, before: undefined, scrapedBefore: () => true };

test('a counter gains the differences between its samples, without extrapolation to the borders', () => {
  const samples: Sample[] = [
    [1_015, 7],
    [1_030, 7],
    [1_985, 18],
  ];
  expect(counterGain(samples, { ...day, before: 5 })).toBe(13);
});

test('after a restart it counts from zero', () => {
  const samples: Sample[] = [
    [1_100, 107],
    [1_115, 3],
    [1_130, 5],
  ];
  expect(counterGain(samples, { ...day, before: 100 })).toBe(12);
});

test('a series that begins while Prometheus is scraping gains its first value, which increase() ignores', () => {
  expect(counterGain([[1_500, 3]], day)).toBe(3);
});

test('a series that exists when scraping begins gains nothing by its first value', () => {
  const samples: Sample[] = [
    [1_500, 50_000],
    [1_515, 50_002],
  ];
  expect(counterGain(samples, { ...day, scrapedBefore: (at) => at > 1_500 })).toBe(2);
});

test('samples outside the period and non-finite values are ignored', () => {
  const samples: Sample[] = [
    [1_000, 5],
    [1_001, 6],
    [1_500, Number.NaN],
    [2_000, 9],
    [2_001, 99],
  ];
  expect(counterGain(samples, { ...day, before: 5 })).toBe(4);
});

test('for any restarts and scrapes, the gain is the count up to the last scrape before each exit', () => {
  const life = fc.array(fc.record({ events: fc.nat(50), scraped: fc.boolean() }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(life, { minLength: 1, maxLength: 5 }), (lives) => {
      let at = day.from;
      let seen = 0;
      const samples: Sample[] = [];
      for (const steps of lives) {
        let value = 0;
        let lastScraped = 0;
        // A restart is visible if the first scrape after it is below the last one before.
        for (const { events, scraped } of [{ events: 0, scraped: true }, ...steps]) {
          value += events;
          at += 1;
          if (!scraped) continue;
          samples.push([at, value]);
          lastScraped = value;
        }
        seen += lastScraped;
      }
      expect(counterGain(samples, day)).toBe(seen);
    }),
  );
});
