import { expect, test } from 'vitest';
import { readMarkdown } from './read-markdown.ts';

const lines = (source: string) => readMarkdown(source).blocks.map(({ kind, text }) => `${kind} ${text}`);

test('headings, lists, tables and code keep their meaning without their marks', () => {
  const source = `# Budgets {#budgets}\n\nA **budget** is what [an objective](https://example.org)\nallows.[^1]\n
:::note
1. First\n2. Second\n:::\n\n| Name | Value |\n|---|---|\n| cost | ¥3 |\n\n\`\`\`sh\nnpm  start\n\`\`\`\n\n[^1]: A footnote.\n`;
  expect(readMarkdown(source).title).toBe('Budgets');
  expect(lines(source)).toEqual([
    'heading Budgets',
    'paragraph A budget is what an objective allows.',
    'item 1. First',
    'item 2. Second',
    'item Name | Value',
    'item cost | Value: ¥3',
    'pre npm  start',
    'paragraph A footnote.',
  ]);
});

test('emphasis beside Japanese punctuation leaves no asterisks', () => {
  expect(lines('**「引用」**とは、**根拠。**のことです。\n次の行です。')).toEqual([
    'paragraph 「引用」とは、根拠。のことです。次の行です。',
  ]);
});

test('HTML within Markdown is read as HTML', () => {
  expect(lines('<details><summary>More</summary>\n\nText *here*.\n\n</details>\n<script>no</script>')).toEqual([
    'paragraph More: Text here.',
  ]);
});

test.each([
  ['a paragraph of a hundred thousand characters', 'word '.repeat(20_000)],
  ['four hundred nested quotes', `${'>'.repeat(400)} deep`],
  ['twenty thousand open brackets', '['.repeat(20_000)],
  ['twenty thousand open stars', '*a '.repeat(20_000)],
])('%s are read', (_, source) => {
  expect(lines(source).length).toBeGreaterThan(0);
});

test('a heading with a long run of spaces is read in linear time, without its id', () => {
  const { blocks } = readMarkdown(`# One${' '.repeat(200_001)}two {#one-two} \n\nText.`);
  expect(blocks[0]).toEqual({ kind: 'heading', level: 1, text: 'One two' });
  expect(readMarkdown(`# One${' '.repeat(200_001)}two`).title).toBe('One two');
});
