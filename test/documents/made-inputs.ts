/** Made documents of every format with what a reader must keep of them. */
import { presentation, shape, sheetData, wordDocument, workbook } from '../kit/files/office-files.ts';
import { madePdfs } from './made-pdfs.ts';
import type { MadeInput } from './measure.ts';

const html = (body: string): string => `<!doctype html><html><head><title>t</title></head><body>${body}</body></html>`;
const run = (text: string, properties = ''): string =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;
const paragraph = (runs: string, properties = ''): string =>
  `<w:p>${properties && `<w:pPr>${properties}</w:pPr>`}${runs}</w:p>`;
const numbered = (text: string, level = 0): string =>
  paragraph(run(text), `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr>`);
const level = (at: number, format: string, text: string): string =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`;
const box = (name: string, x: number, y: number, text: string): string =>
  shape(null, text)
    .replace(
      '<p:txBody>',
      `<p:spPr><a:xfrm><a:off x="${x}" y="${y}"/><a:ext cx="100" cy="40"/></a:xfrm></p:spPr><p:txBody>`,
    )
    .replace('name="x"', `name="${name}"`);

const others: readonly MadeInput[] = [
  {
    name: 'questions in buttons',
    format: 'html',
    text: html(
      '<main><h2><button aria-expanded="false" aria-controls="a">How do I return a kayak?</button></h2><div id="a" hidden><p>Lock it to the rack.</p></div><button class="accordion">Who repairs it?</button><div class="panel" style="display:none"><p>The club does.</p></div><button>Copy</button></main>',
    ),
    texts: ['How do I return a kayak?', 'Lock it to the rack.', 'Who repairs it? The club does.'],
    absent: ['Copy'],
  },
  {
    name: 'tab panels',
    format: 'html',
    text: html(
      '<main><h1>Install</h1><div role="tablist"><button role="tab" aria-controls="l">Linux</button><button role="tab" aria-controls="w">Windows</button></div><div role="tabpanel" id="l"><p>Run setup.sh.</p></div><div role="tabpanel" id="w" hidden><p>Start setup.exe.</p></div><p>Then log in.</p></main>',
    ),
    texts: ['Linux', 'Run setup.sh.', 'Windows', 'Start setup.exe.', 'Install', 'Then log in.'],
  },
  {
    name: 'furniture and consent banners',
    format: 'html',
    text: html(
      '<header><nav><a href="/">Home</a></nav></header><div id="onetrust-banner-sdk">We value your privacy</div><article><header><h1>Tides</h1></header><div class="sidebar"><p>A neap tide is weak.</p></div><ul><li><a href="a.pdf">Form A</a></li><li><a href="b.pdf">Form B</a></li><li><a href="c.pdf">Form C</a></li><li><a href="d.pdf">Form D</a></li></ul><footer><p>Checked by the harbour office.</p></footer></article><div class="cookie-notice" style="display:none">Accept all</div><footer>© Us</footer>',
    ),
    texts: ['Tides', 'A neap tide is weak.', 'Form A', 'Form B', 'Form C', 'Form D', 'Checked by the harbour office.'],
    absent: ['We value your privacy', 'Accept all', 'Home', '© Us'],
  },
  {
    name: 'exponents, struck-out text, numbers and pictures',
    format: 'html',
    text: html(
      '<main><p>10<sup>5</sup> Pa, 1<sup>st</sup> of H<sub>2</sub>O, x<sup>ab</sup>. <del>Open at six.</del> <s>Never.</s></p><ol start="3"><li>Stop.</li><li value="7">Go.</li></ol><ol type="a"><li>Wait.</li></ol><img alt="The red sector covers 40 degrees"></main>',
    ),
    texts: ['10⁵ Pa, 1st of H₂O, x^(ab).', '3. Stop.', '7. Go.', 'a. Wait.', 'The red sector covers 40 degrees'],
    absent: ['Open at six', 'Never'],
    leftOut: { 'deleted text': 2 },
  },
  {
    name: 'merged cells and two header rows',
    format: 'html',
    text: html(
      '<table><tr><th rowspan="2">Pier</th><th colspan="2">Power</th></tr><tr><th>230 V</th><th>400 V</th></tr><tr><td rowspan="2">North</td><td>yes</td><td>no</td></tr><tr><td>no</td><td>yes</td></tr><tr><td>South</td><td colspan="2">none</td></tr></table>',
    ),
    texts: [
      'North | Power 230 V: yes | Power 400 V: no',
      'North | Power 230 V: no | Power 400 V: yes',
      'South | Power 230 V / Power 400 V: none',
    ],
  },
  {
    name: 'Markdown with code that looks like its dialects',
    format: 'markdown',
    text: 'import Tabs from "@theme/Tabs";\n\n# Search {#search}\n\nUse `[^abc]` and ~~never~~ always.[^1] It is $a*b*c$.\n\n```sh\nsed \'s/[^a-z]//g\' # {#id}\n::: x\n```\n\n:::tip[Mind the tide]\nLook at the table.\n:::\n\n<TabItem value="w" label="Windows">\n\nStart it.\n\n</TabItem>\n\n=== "Linux"\n\n    Run it.\n\n[^1]: A note.\n',
    texts: [
      'Search',
      'Use [^abc] and always. It is $a*b*c$.',
      "sed 's/[^a-z]//g' # {#id}",
      '::: x',
      'Mind the tide',
      'Look at the table.',
      'Windows',
      'Start it.',
      'Linux',
      'Run it.',
      'A note.',
    ],
    absent: ['import', 'never', '[^1]'],
  },
  {
    name: 'reStructuredText',
    format: 'rst',
    text: 'Tides\n=====\n\nThe moon pulls [1]_ the sea, see :ref:`the table <t>`.\n\n.. note:: Look at the ``table``.\n\nRun it::\n\n    tide --now  *x*\n\n#. First\n#. Second\n\n=====  ======\nPort   Height\n=====  ======\nTokyo  2.1 m\n=====  ======\n\n.. [1] By its mass.\n',
    texts: [
      'Tides',
      'The moon pulls the sea, see the table.',
      'Note',
      'Look at the table.',
      'Run it:',
      'tide --now  *x*',
      '1. First',
      '2. Second',
      'Tokyo | Height: 2.1 m',
      'By its mass.',
    ],
  },
  {
    name: 'AsciiDoc',
    format: 'asciidoc',
    text: '= Tides\n:port: Tokyo\n\nThe tide in {port} is https://example.org[high] and 10^5^ Pa.\n\n== Use\n\n. First\n. Second\n\n[source,sh]\n----\ntide --now *x*\n----\n\nNOTE: Mind the wind.\n\n|===\n|Port |Height\n\n|Tokyo |2.1 m\n|===\n',
    texts: [
      'Tides',
      'The tide in Tokyo is high and 10⁵ Pa.',
      'Use',
      '1. First',
      '2. Second',
      'tide --now *x*',
      'NOTE: Mind the wind.',
      'Tokyo | Height: 2.1 m',
    ],
  },
  {
    name: 'CSV with semicolons',
    format: 'csv',
    text: '\ufeffPort;Height;Note\nTokyo;2,13;"strong;\nat noon"\nOsaka;1,7;\n',
    texts: ['Port | Height | Note', 'Tokyo | Height: 2,13 | Note: strong; at noon', 'Osaka | Height: 1,7'],
  },
  {
    name: 'Japanese text wrapped in narrow columns',
    format: 'text',
    text: '第一条　使用者は、使用の三日前ま\nでに申請書を提出する。\n第二条　申請書には、船舶の図面を\n添える。\n',
    texts: ['使用の三日前までに申請書を提出する。', '船舶の図面を添える。'],
  },
  {
    name: 'speakers of captions',
    format: 'vtt',
    text: 'WEBVTT\n\n00:01.000 --> 00:03.000\n<v Mori>When does it leave?\n\n00:03.000 --> 00:05.000\n<v Sato>At ten.\n',
    texts: ['Mori: When does it leave?', 'Sato: At ten.'],
  },
  {
    name: 'Word: numbers, ruby, hidden and struck-out text, equations',
    format: 'docx',
    bytes: wordDocument({
      body: [
        paragraph(run('就業規則'), '<w:pStyle w:val="Kapitel"/>'),
        numbered('職員に適用する。'),
        numbered('始業は八時とする。'),
        numbered('休憩は正午とする。', 1),
        paragraph(
          `<w:r><w:ruby><w:rt><w:r><w:t>こうせい</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>校正</w:t></w:r></w:rubyBase></w:ruby></w:r>${run('の記録。')}`,
        ),
        paragraph(run('Opens at six.', '<w:strike/>') + run('Opens at seven.') + run('Secret.', '<w:vanish/>')),
        paragraph(
          `${run('The mass is ')}<m:oMath xmlns:m="m"><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>${run(' in kg, 10')}${run('5', '<w:vertAlign w:val="superscript"/>')}`,
        ),
      ].join(''),
      styles:
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="Kapitel"><w:name w:val="Kapitel"/><w:basedOn w:val="Heading1"/></w:style>',
      numbering: `<w:abstractNum w:abstractNumId="7">${level(0, 'decimal', '第%1条')}${level(1, 'japaneseCounting', '%2')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>`,
      header: paragraph(run('Document QA-0042')),
    }),
    texts: [
      'Document QA-0042',
      '就業規則',
      '第1条 職員に適用する。',
      '第2条 始業は八時とする。',
      '一 休憩は正午とする。',
      '校正の記録。',
      'Opens at seven.',
      'The mass is (a+b)/2 in kg, 10⁵',
    ],
    absent: ['Opens at six', 'Secret', 'こうせい'],
    leftOut: { 'deleted text': 1, 'hidden parts': 1 },
  },
  {
    name: 'Excel: two header rows and a formula without a value',
    format: 'xlsx',
    bytes: workbook({
      sheets: [
        {
          name: 'Tide',
          body: `${sheetData([
            ['Port', 'High water', null, 'Low water', null],
            [null, 'Time', 'Height', 'Time', 'Height'],
            ['Kure', '09:58', 3.7, '03:41', 0.4],
            ['Uno', '11:30', 2.6, '05:15', 0.5],
          ]).replace(
            '</sheetData>',
            '<row r="5"><c r="A5" t="inlineStr"><is><t>Sum</t></is></c><c r="C5"><f>SUM(C3:C4)</f></c></row></sheetData>',
          )}`,
        },
      ],
    }),
    texts: [
      'Kure | High water Time: 09:58 | High water Height: 3.7 | Low water Time: 03:41 | Low water Height: 0.4',
      'Uno',
      'Sum',
    ],
    leftOut: { 'formulas without a value': 1 },
  },
  {
    name: 'PowerPoint: boxes in reading order and a slide without title',
    format: 'pptx',
    bytes: presentation({
      slides: [
        {
          shapes:
            box('c', 500, 100, 'Right of the first.') +
            box('d', 0, 300, 'Below.') +
            box('b', 0, 100, 'First.') +
            shape('title', 'Overview'),
        },
        { shapes: shape(null, 'Another subject.') },
      ],
    }),
    texts: ['Overview', 'First.', 'Right of the first.', 'Below.', 'Another subject.'],
  },
];

export const madeInputs: readonly MadeInput[] = [...madePdfs, ...others];
