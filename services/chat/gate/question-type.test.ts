import { expect, test } from 'vitest';
import { questionType } from './question-type.ts';

test.each([
  ['How much does a new key cost?', 'price', 'A new key costs 12 euros.', 'Keys are kept at the desk.'],
  ['入場料はいくらですか', 'price', '入場料は500円です。', '入場券は窓口で買えます。'],
  ['How long does delivery take?', 'duration', 'Delivery takes three days.', 'Delivery is by lorry.'],
  ['修理には何日かかりますか', 'duration', '修理は5日で終わります。', '修理は工場で行います。'],
  ['How many seats are there?', 'count', 'There are 40 seats.', 'Seats are blue.'],
  ['Who is the chair?', 'person', 'Ada Holm chairs the committee.', 'Chairs stand in the hall.'],
  ['会長の名前は？', 'named', '会長は山本太郎さんです。', '会長は総会で選ばれる。'],
  ['When was the bridge built?', 'dated', 'It was built in 1932.', 'It was built of steel.'],
  ['What is the phone number of the desk?', 'phone', 'Call 0300 555 010.', 'Ask at the desk.'],
])('%s asks for a %s', (question, name, answer, other) => {
  const type = questionType(question);
  expect(type?.name).toBe(name);
  expect([type?.answers(answer), type?.answers(other)]).toEqual([true, false]);
});

test.each(['How do I open the lid?', 'Why is it loud?', 'ふたの開け方を教えてください'])(
  '%s asks for no particular expression',
  (question) => expect(questionType(question)).toBeNull(),
);
