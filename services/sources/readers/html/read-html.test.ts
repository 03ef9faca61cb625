import { expect, test } from 'vitest';
import { encodeText } from '../../../../test/kit/files/encode-text.ts';
import { declaredEncoding, decodeText } from '../../text/decode-text.ts';
import { readHtml } from './read-html.ts';

const lines = (html: string) => readHtml(html).blocks.map(({ kind, text }) => `${kind} ${text}`);

test('a Sphinx page is read without navigation, paragraph signs and table of contents', () => {
  const html = `<title>4. Packages — Manual v4</title>
    <div class="related" role="navigation"><ul><li><a href="a.html">next</a></li></ul></div>
    <div class="body" role="main"><div class="toctree-wrapper"><ul><li><a href="b.html">5. Other</a></li></ul></div>
      <section id="packages"><h1>4. Packages<a class="headerlink" href="#packages">¶</a></h1>
      <p>A package holds <code>files</code>
         <a class="footnote-reference brackets" href="#id5">[1]</a>.</p>
      <div class="admonition note"><p class="admonition-title">Note</p><p>Names are lower-case.</p></div></section></div>
    <div class="sphinxsidebar">Quick search</div><div class="footer">© us</div>`;
  expect(readHtml(html).title).toBe('4. Packages — Manual v4');
  expect(lines(html)).toEqual([
    'heading 4. Packages',
    'paragraph A package holds files .',
    'paragraph Note: Names are lower-case.',
  ]);
});

test('a DocBook page is read without headers, footers and its table of contents', () => {
  const html = `<div class="navheader"><table><tr><th>Chapter 2</th></tr></table></div>
    <div class="chapter"><div class="titlepage"><h1 class="title">Chapter 2. Tools</h1></div>
    <div class="toc"><dl><dt><a href="#x">2.1. First</a></dt></dl></div>
    <p>Tools help.</p>
    <div class="warning"><h3 class="title">Warning</h3><p>Keep a copy.</p></div>
    <div class="tip"><table><tr><td rowspan="2"><img alt="[Tip]"></td><th>Tip</th></tr><tr><td><p>Use apt.</p></td></tr></table></div></div>
    <div class="navfooter"><a href="ch03.html">Next</a></div>`;
  expect(lines(html)).toEqual([
    'heading Chapter 2. Tools',
    'paragraph Tools help.',
    'paragraph Warning: Keep a copy.',
    'item Tip: Use apt.',
  ]);
});

test('a table is read row by row, each cell under the name of its column', () => {
  const html = `<table><tr><th>Objective</th><th>Target</th><th>Action</th></tr>
    <tr><td>latency</td><td>3 s</td><td></td></tr><tr><td>cost</td><td>¥3</td><td>review</td></tr></table>
    <table><tr><td>Name</td><td>Value</td></tr></table>`;
  expect(lines(html)).toEqual([
    'item Objective | Target | Action',
    'item latency | Target: 3 s',
    'item cost | Target: ¥3 | Action: review',
    'item Name: Value',
  ]);
});

test('a layout table is read as its content', () => {
  const html = '<table><tr><td>Menu</td><td><h2>News</h2><p>One.</p><ul><li>Two.</li></ul></td></tr></table>';
  expect(lines(html)).toEqual(['paragraph Menu', 'heading News', 'paragraph One.', 'item Two.']);
});

test('terms precede their descriptions', () => {
  expect(
    lines('<dl><dt>urgency</dt><dd><p>How soon.</p><p>Or not.</p></dd><dt>date</dt><dt>time</dt><dd>When.</dd></dl>'),
  ).toEqual(['item urgency: How soon.', 'item Or not.', 'item date, time: When.']);
});

test('a list of links within the site is navigation, a list of links elsewhere is not', () => {
  const list = (base: string) =>
    `<ul>${['a', 'b', 'c', 'd'].map((name) => `<li><a href="${base}${name}">${name}</a></li>`).join('')}</ul>`;
  expect(lines(list('/'))).toEqual([]);
  expect(lines(list('https://example.org/'))).toHaveLength(4);
});

test('Japanese lines are joined without a space, and code keeps its lines', () => {
  expect(lines('<p>検索拡張\n   生成とは\n   RAG の\n   ことです。</p><pre>a\n  b\n</pre>')).toEqual([
    'paragraph 検索拡張生成とは RAG のことです。',
    'pre a\n  b',
  ]);
});

test('furigana, scripts and hidden parts are not text', () => {
  const html =
    '<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>です。</p><script>let a = "<p>no</p>"</script><p hidden>no</p>';
  expect(lines(html)).toEqual(['paragraph 漢字です。']);
});

test.each([
  ['ten thousand nested elements', `${'<div>'.repeat(10_000)}deep${'</div>'.repeat(10_000)}`],
  ['two thousand nested lists', `${'<ul><li>'.repeat(2000)}deep`],
  ['two thousand nested tables', `${'<table><tr><td>'.repeat(2000)}deep`],
  ['ten thousand open bold marks', `${'<b>'.repeat(10_000)}deep`],
])('%s are read', (_, html) => {
  expect(lines(html).map((line) => line.replace(/^\w+ /, ''))).toEqual(['deep']);
});

test('a line of five megabytes is read', () => {
  const html = `<p>${'one sentence of an endless page. '.repeat(160_000)}</p>`;
  expect(readHtml(html).blocks).toHaveLength(1);
});

test('long runs of spaces in code and of colons in terms are read in linear time', () => {
  const gap = ' '.repeat(200_001);
  expect(lines(`<pre>\n\na${gap}b  \n${gap}\nc \n\n</pre>`)).toEqual([`pre a${gap}b\n\nc`]);
  const colons = ':'.repeat(100_001);
  expect(lines(`<dl><dt>x${colons}y::</dt><dd>z</dd></dl>`)).toEqual([`item x${colons}y: z`]);
});

test('a page with an empty main element is read completely', () => {
  expect(lines('<main></main><div><p>Elsewhere.</p></div>')).toEqual(['paragraph Elsewhere.']);
});

test('broken markup still yields its text', () => {
  expect(lines('<p>one<div>two</p></section><td>three<!-- no')).toEqual([
    'paragraph one',
    'paragraph two',
    'paragraph three',
  ]);
});

test.each(['Shift_JIS', 'EUC-JP', 'UTF-8'] as const)(
  'a Japanese page in %s is read with and without a declaration',
  (encoding) => {
    for (const meta of [
      `<meta charset="${encoding}">`,
      '',
      '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
    ]) {
      const html = `<html><head>${meta}<title>引用</title></head><body><p>引用とは、資料を指し示すものです。</p></body></html>`;
      const bytes = encodeText(html, encoding);
      expect(readHtml(decodeText(bytes, declaredEncoding(bytes)))).toEqual({
        title: '引用',
        blocks: [{ kind: 'paragraph', text: '引用とは、資料を指し示すものです。', page: null }],
      });
    }
  },
);
