/** For random surrounding text, personal data is removed, and ids and numbers remain. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { newSpanId, traces } from './otlp.ts';
import { missing, runCollector } from './run-collector.ts';

const digit = fc.integer({ min: 0, max: 9 });
const digits = (length: number) =>
  fc.array(digit, { minLength: length, maxLength: length }).map((list) => list.join(''));
const letters = (minLength: number) =>
  fc
    .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'), {
      minLength,
      maxLength: 48,
    })
    .map((list) => list.join(''));
const fullWidth = (text: string) => text.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0));

/** Group lengths of Japanese phone numbers. The first group starts with 0 and a digit from 1. */
const layouts = [
  [2, 4, 4],
  [3, 3, 4],
  [4, 2, 4],
  [5, 1, 4],
  [3, 4, 4],
  [4, 3, 3],
] as const;
const phone = fc
  .record({
    layout: fc.constantFrom(...layouts),
    second: fc.integer({ min: 1, max: 9 }),
    rest: digits(9),
    between: fc.constantFrom('-', '', ' ', '－', 'ー', '−', '‐', '　', '.', ' - '),
    wide: fc.boolean(),
    abroad: fc.constantFrom('', '+81 ', '+81-', '+81'),
  })
  .map(({ layout: [first, middle, last], second, rest, between, wide, abroad }) => {
    // Eleven digits without separators are a mobile number, which starts with 050 to 090.
    const mobile = first + middle + last === 11;
    const area = mobile ? `0${5 + (second % 5)}0` : `0${second}${rest.slice(0, first - 2)}`;
    const groups = [area, rest.slice(0, middle), rest.slice(9 - last)];
    const national = groups.join(between);
    const number = abroad === '' ? national : abroad + national.slice(1);
    return wide ? fullWidth(number) : number;
  });

const secret = fc.oneof(
  fc.emailAddress(),
  letters(24).map((body) => `sk-${body}`),
  letters(16).map((body) => `Bearer 7${body}`),
  fc.tuple(letters(8), letters(8), letters(8)).map(([a, b, c]) => `eyJ${a}.${b}.${c}`),
  fc.tuple(letters(1), letters(1)).map(([user, password]) => `postgres://${user}:${password}@`),
  letters(1).map((password) => `password=${password}`),
  digits(15).map((body) => `4${body}`),
);

const wild = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.lorem());
const edge = fc.constantFrom(' ', '　', '\n', ':', '(', ')', '「', '」', ',', '、', '。', '<', '>', '"', 'は', '|');

const id = fc.oneof(
  fc.uuid(),
  fc.uuid({ version: 7 }),
  // Sixteen digits that start like a card number are replaced: one span id in five thousand, if it is in a text.
  fc.stringMatching(/^[0-9a-f]{15}[a-f]$/),
  fc.stringMatching(/^[0-9a-f]{31}[a-f]$/),
);
const number = fc.oneof(
  fc.integer().map(String),
  fc
    .maxSafeNat()
    .filter((n) => String(n).length < 15)
    .map(String),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map(String)
    .filter((n) => !/^\d{15,16}$/.test(n)),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }).map((date) => date.toISOString()),
);
const word = fc.constantFrom(
  'dialogue',
  'took',
  'ms',
  'trace_id',
  '回答',
  'は',
  'stored',
  'id',
  'rows',
  '件',
  'model-7',
);

describe.skipIf(missing !== null)('properties', async () => {
  if (missing !== null) return;
  const sink = await openOtlpSink();
  afterAll(() => sink.close());
  const collector = await runCollector(sink.url);

  /** @returns the cleaned texts in order */
  async function through(texts: readonly string[]): Promise<string[]> {
    const spans = texts.map((said) => ({ spanId: newSpanId(), name: said, attributes: { said } }));
    expect(await collector.send('traces', traces(spans))).toBe(200);
    const arrived = () => new Map(sink.spans().map((span) => [span.spanId, span]));
    await sink.until(() => {
      const there = arrived();
      return spans.every(({ spanId }) => there.has(spanId));
    });
    const all = arrived();
    return spans.map(({ spanId }) => {
      const span = all.get(spanId);
      // The same rules clean names.
      expect(span?.name).toBe(span?.attributes.said);
      return String(span?.attributes.said);
    });
  }

  const surroundings = fc.tuple(wild, edge, edge, wild);
  const runs = { numRuns: 15 };
  const many = { minLength: 40, maxLength: 60 };

  test('secrets and e-mail addresses are removed from any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(surroundings, secret), many), async (cases) => {
        const clean = await through(
          cases.map(([[before, left, right, after], value]) => before + left + value + right + after),
        );
        for (const [index, [, value]] of cases.entries()) expect(clean[index]).not.toContain(value);
      }),
      runs,
    );
  });

  test('phone numbers are removed from any text with all their digits', async () => {
    const digitsOf = (text: string) => text.normalize('NFKC').replace(/\D/g, '');
    const plain = (text: string) => text.normalize('NFKC').replace(/[\d+]/g, 'x');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(surroundings, phone), many), async (cases) => {
        const clean = await through(
          cases.map(([[before, left, right, after], value]) => plain(before) + left + value + right + plain(after)),
        );
        for (const [index, [, value]] of cases.entries()) expect(digitsOf(clean[index] ?? ''), value).toBe('');
      }),
      runs,
    );
  });

  test('ids and numbers are not changed, alone and between words', async () => {
    const text = fc
      .array(fc.oneof(id, number, word), { minLength: 1, maxLength: 7 })
      .chain((parts) => fc.constantFrom(' ', ', ', '、', ': ', ' = ').map((between) => parts.join(between)));
    await fc.assert(
      fc.asyncProperty(fc.array(text, many), async (texts) => {
        expect(await through(texts)).toEqual(texts);
      }),
      runs,
    );
  });
});
