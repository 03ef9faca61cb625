import { expect, test } from 'vitest';
import { detectLanguage } from './detect-language.ts';

const detected = (text: string) => detectLanguage([{ kind: 'paragraph', text, page: null }]);

test.each([
  ['潮は月に引かれて満ちたり引いたりします。', 'ja'],
  ['PostgreSQL の VACUUM は、dead tuple を回収します。autovacuum が動いていれば手動の操作は要りません。', 'ja'],
  ['The tide is pulled by the moon, and it rises and falls twice a day.', 'en'],
  ['Die Flut wird vom Mond gezogen und steigt und fällt zweimal am Tag.', null],
  ['La marée est attirée par la lune, elle monte et descend deux fois par jour.', null],
  ['潮汐由月球引力引起,每天涨落两次。', null],
  ['select 1; drop table x;', null],
  ['', null],
])('%s is %s', (text, expected) => {
  expect(detected(text)).toBe(expected);
});
