import { expect, test } from 'vitest';
import { readFeed } from './read-feed.ts';

const feed = (items: string) =>
  Buffer.from(`<?xml version="1.0"?>\n<rss version="2.0"><channel>\n${items}\n</channel></rss>\n`);
const item = (id: string, html: string) =>
  `<item><title>T</title><description><![CDATA[${html}]]></description><link>https://note.com/a/n/${id}</link><guid>${id}</guid></item>`;

test('the link to the rest of an article is cut off', () => {
  const { items } = readFeed(feed(item('1', "<p>Text</p><br/><br /><a href='x'>続きをみる</a>")));
  expect(items[0]?.html).toBe('<p>Text</p>');
});

test('a broken item names its line and keeps its key', () => {
  const { items, complete } = readFeed(
    feed(`${item('1', 'a')}\n<item>\n<title><b></title>\n<guid>2</guid></item>\n${item('3', 'c')}`),
  );
  expect(items.map(({ key, problem }) => [key, problem])).toEqual([
    ['1', null],
    ['2', 'is not well-formed XML at line 5 of the feed'],
    ['3', null],
  ]);
  expect(complete).toBe(true);
});

test.each([
  ['a page', '<html></html>', 'is not an RSS feed'],
  ['a feed that was cut off', '<rss><channel><item>', 'is cut off at line 1'],
  ['an item without an end', '<rss><channel><item></channel></rss>', 'has an item without an end at line 1'],
])('%s is refused', (_, text, message) => {
  expect(() => readFeed(Buffer.from(text))).toThrow(message);
});

test('crafted feeds are read in time that grows with their size', () => {
  const start = performance.now();
  for (const part of ['<a ', '<br>', '<item ', '&', '<![CDATA[', '<!--', '\u0001']) {
    for (const text of [
      feed(item('1', part.repeat(100_000))),
      feed(part.repeat(100_000)),
      Buffer.from(part.repeat(100_000)),
    ]) {
      try {
        readFeed(text);
      } catch {}
    }
  }
  expect(performance.now() - start).toBeLessThan(5_000);
});
