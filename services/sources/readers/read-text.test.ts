import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

const lines = (source: string) => readText(source).blocks.map(({ kind, text }) => `${kind} ${text}`);

test('hard-wrapped paragraphs are joined, underlined lines are headings, the first one is the title', () => {
  const source = `Study tips\n==========\n\nTesting yourself works better than reading your notes\nonce more before the examination.\n
First\n-----\nShort lines\nstay apart.\n`;
  expect(readText(source).title).toBe('Study tips');
  expect(readText(source).blocks).toEqual([
    { kind: 'heading', level: 1, text: 'Study tips' },
    {
      kind: 'paragraph',
      text: 'Testing yourself works better than reading your notes once more before the examination.',
      page: null,
    },
    { kind: 'heading', level: 2, text: 'First' },
    { kind: 'paragraph', text: 'Short lines\nstay apart.', page: null },
  ]);
});

test('list items are separate, with their continuation lines', () => {
  expect(
    lines(
      '- Ask one thing at a time, and use the words of your\n  subject.\n* Open the citations.\n1. Read.\n・引用を開く。',
    ),
  ).toEqual([
    'item Ask one thing at a time, and use the words of your subject.',
    'item Open the citations.',
    'item 1. Read.',
    'item ・引用を開く。',
  ]);
});

test('a Japanese paragraph begins with a full-width space, and its lines are joined without one', () => {
  expect(
    lines('　検索拡張生成とは、資料を検索してから回答を生成する方法のことで\nあります。\n　次の段落です。'),
  ).toEqual([
    'paragraph 検索拡張生成とは、資料を検索してから回答を生成する方法のことであります。',
    'paragraph 次の段落です。',
  ]);
});

test('columns aligned with spaces keep their lines', () => {
  expect(lines('name      value\ncost      3\nlatency   1.5')).toEqual([
    'pre name      value\ncost      3\nlatency   1.5',
  ]);
});

test('a text without blank lines, with one paragraph a line, gives one paragraph a line', () => {
  const long = '長い段落です。'.repeat(20);
  expect(lines(`${long}\n${long}`)).toEqual([`paragraph ${long}`, `paragraph ${long}`]);
});

test('Japanese lines that are wrapped in narrow columns are joined', () => {
  const source = `第一条　この規則は、港湾の使用に\n関し必要な事項を定める。\n第二条　使用者は、使用の三日前ま\nでに申請書を提出する。\n\n東京都港区\n芝公園四丁目`;
  expect(lines(source)).toEqual([
    'paragraph 第一条 この規則は、港湾の使用に関し必要な事項を定める。\n第二条 使用者は、使用の三日前までに申請書を提出する。',
    'paragraph 東京都港区\n芝公園四丁目',
  ]);
});
