import { expect, test } from 'vitest';
import { topicOf } from './topic.ts';

test.each([
  ['How many weeks of parental leave do I get?', 'parent', 'parental leave'],
  ['Which tools does the Kestrel-9 kit need?', 'kestrel-9', 'Kestrel-9 kit'],
  ['育児休業は何か月取れますか', '育児', '育児休業'],
  ['Is there a bus?', 'train', null],
])('the topic of "%s" is the whole name', (question, term, topic) => expect(topicOf(question, term)).toBe(topic));
