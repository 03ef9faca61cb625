import { expect, test } from 'vitest';
import { namedThings, occurs } from './named-things.ts';

test.each([
  ['What does error E7 mean?', ['E7'], [], []],
  ['Does --force-yes work with apt 2.9?', ['--force-yes'], ['2.9'], []],
  ['第28条には何がありますか', [], ['28'], []],
  ['Can I use cc_by_nd and 0x80070057?', ['cc_by_nd', '0x80070057'], [], []],
  ['Is Otto Brandt a member of the USPTO?', [], [], ['Otto Brandt', 'USPTO']],
  ['ヨットを中村さんに返すには', [], [], ['ヨット', '中村']],
])('%s names what must occur', (question, identifiers, numbers, names) => {
  expect(namedThings(question)).toEqual({ identifiers, numbers, names });
});

test.each([
  ['E7', 'errors e5, e6 and e7.', true],
  ['E7', 'the code e70 is new', false],
  ['RK-500', 'the rk500 and the rk 700', true],
  ['28', '第28条', true],
  ['2.9', 'version 12.9', false],
])('%s in "%s": %s', (thing, text, is) => expect(occurs(thing, text)).toBe(is));
