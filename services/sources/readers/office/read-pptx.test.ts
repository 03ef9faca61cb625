import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  damaged,
  encryptedOffice,
  presentation,
  presentationFiles,
  shape,
} from '../../../../test/kit/files/office-files.ts';
import { zip } from '../../../../test/kit/files/zip.ts';
import { makeDocument } from '../../ingest/make-document.ts';
import { SourceError, SourceUnreadable } from '../../source-error.ts';
import { readPptx } from './read-pptx.ts';

const cell = (text: string, merged = '') =>
  `<a:tc${merged}><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
const table = `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>
  <a:tr>${cell('港')}${cell('高さ')}</a:tr><a:tr>${cell('東京')}${cell('2.1 m')}</a:tr>
  <a:tr>${cell('大阪')}${cell('隠', ' vMerge="1"')}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
const diagram = '<p:graphicFrame><a:graphicData><dgm:relIds xmlns:dgm="d" r:dm="d7"/></a:graphicData></p:graphicFrame>';
const points =
  '<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:pt><dgm:t><a:p><a:r><a:t>月</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt type="pres"/></dgm:dataModel>';
const odd = `<p:sp><p:nvSpPr><p:cNvPr/><p:nvPr/></p:nvSpPr><p:txBody><a:p><a:r><a:t>一行目</a:t></a:r><a:br/><a:r><a:t>二行</a:t></a:r><a:r><a:t>目</a:t></a:r>
  <a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p><a:p/></p:txBody></p:sp>`;
const hidden = shape(null, '秘密').replace('<p:cNvPr ', '<p:cNvPr hidden="1" ');

test('a presentation is read slide by slide: titles, texts, tables, diagrams, groups and speaker notes', async () => {
  const bytes = presentation({
    slides: [
      { shapes: shape('ctrTitle', '潮の話', '第二版') + shape('subTitle', '海の講座') + shape('sldNum', '1') },
      {
        shapes: shape('', '月が引く', '太陽も引く') + shape('title', '満ち引き') + table,
        notes: shape('sldImg') + shape('body', 'ここで図を見せる。'),
      },
      { shapes: shape('title', '秘密'), hidden: true },
      {
        shapes: `<p:grpSp>${odd}${hidden}</p:grpSp>${diagram}`,
        leads: { d7: ['diagramData', '../diagrams/data1.xml'] },
      },
      {
        shapes: `${shape('title', '終わり')}<mc:AlternateContent xmlns:mc="m"><mc:Choice>${shape(null)}</mc:Choice><mc:Fallback>${shape(null, '二度')}</mc:Fallback></mc:AlternateContent>`,
      },
    ],
    files: { 'ppt/diagrams/data1.xml': points },
  });
  const { title, blocks } = await readPptx(bytes);
  expect(title).toBe('潮の話 第二版');
  expect(blocks.map((block) => [block.kind, 'page' in block ? block.page : null, block.text])).toEqual([
    ['heading', null, '潮の話 第二版'],
    ['paragraph', 1, '海の講座'],
    ['heading', null, '満ち引き'],
    ['item', 2, '月が引く'],
    ['item', 2, '太陽も引く'],
    ['item', 2, '港 | 高さ'],
    ['item', 2, '東京 | 高さ: 2.1 m'],
    ['item', 2, '大阪'],
    ['paragraph', 2, 'ここで図を見せる。'],
    ['heading', null, ''],
    ['paragraph', 4, '一行目\n二行目'],
    ['item', 4, '月'],
    ['paragraph', 5, '終わり'],
  ]);
});

test('a passage has the number and the title of its slide', async () => {
  const texts = (at: number) =>
    Array.from({ length: 7 }, (_, line) => `${at}枚目の${line + 1}行には潮の高さと時刻を書いておきます。`);
  const body = presentation({
    slides: [2, 3, 5].map((at) => ({ shapes: shape('title', `第${at}章`) + shape('body', ...texts(at)) })),
  });
  const frame = {
    origin: { source: 'local', key: 'k', versionHash: null },
    uri: 'x:1',
    path: 'x',
    title: '名',
    defaults: {},
    publishedAt: null,
  };
  const { passages, title } = await makeDocument({ body, format: 'pptx' }, frame);
  expect(title).toBe('第2章');
  expect(passages.map(({ heading, pageNumber }) => [heading, pageNumber])).toEqual([
    ['', 1],
    ['第3章', 2],
    ['第5章', 3],
  ]);
});

const good = { slides: [{ shapes: shape('title', 'x') + table, notes: shape('body', 'y') }] };
const again = presentationFiles(good);
again['ppt/presentation.xml'] =
  again['ppt/presentation.xml']?.replace(/<p:sldId [^>]*>/, (each) => each.repeat(50)) ?? '';
const { 'ppt/slides/slide1.xml': _, ...missing } = presentationFiles(good);
const macro = 'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml';

test.each<[string, Uint8Array, string, typeof SourceError]>([
  ['behind a password', encryptedOffice(), 'is encrypted; save a copy without a password', SourceUnreadable],
  ['with macros', presentation({ ...good, mainType: macro }), 'holds macros; save it as .pptx', SourceUnreadable],
  ['of another kind', presentation({ ...good, mainType: 'x.spreadsheetml.x' }), 'is not a PowerPoint', SourceError],
  ['that is no archive', Buffer.from('PK nothing'), 'is not a complete archive', SourceError],
  ['with a slide missing', zip(missing), 'a part that it names is missing', SourceError],
  [
    'whose slide is cut off',
    zip({ ...missing, 'ppt/slides/slide1.xml': '<p:sld><p:cSld>' }),
    'is damaged',
    SourceError,
  ],
  [
    'with a slide of nothing but depth',
    zip({ ...missing, 'ppt/slides/slide1.xml': '<a>'.repeat(50_000) + '</a>'.repeat(50_000) }),
    'is damaged',
    SourceError,
  ],
  [
    'with a slide too large to be held',
    zip({ ...missing, 'ppt/slides/slide1.xml': `<a>${' '.repeat(16 * 1024 * 1024)}</a>` }),
    'has a part larger than 16 MB; split the file',
    SourceUnreadable,
  ],
  ['that shows one slide again and again', zip(again), 'names the same parts repeatedly', SourceUnreadable],
])('a presentation %s is refused with the reason', async (_name, bytes, reason, kind) => {
  const fault = await readPptx(bytes).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(kind);
  expect((fault as Error).message).toContain(reason);
});

test('nested and repeatedly drawn shapes are read once, in time that does not grow with their depth', async () => {
  const text = '<a:txBody><a:p><a:r><a:t>深い</a:t></a:r></a:p></a:txBody>';
  const tables = `${'<a:tbl><a:tr><a:tc>'.repeat(700)}${text}${'</a:tc></a:tr></a:tbl>'.repeat(700)}`;
  const paragraphs = `${'<a:p><a:r>'.repeat(700)}<a:t>底</a:t>${'</a:r></a:p>'.repeat(700)}`;
  const drawn = '<p:graphicFrame><dgm:relIds r:dm="d"/></p:graphicFrame>'.repeat(7);
  const shapes = `<p:graphicFrame>${tables}</p:graphicFrame><p:sp>${paragraphs}</p:sp>${drawn}`;
  const point = '<dgm:pt><a:p><a:r><a:t>図</a:t></a:r></a:p></dgm:pt>';
  const { blocks } = await readPptx(
    presentation({
      slides: [{ shapes, leads: { d: ['diagramData', '../diagrams/d.xml'] } }],
      files: { 'ppt/diagrams/d.xml': `<dgm:dataModel>${point}</dgm:dataModel>` },
    }),
  );
  expect(blocks.map((block) => block.text)).toEqual(['深い', '底', '図']);
});

test('large pictures are not unpacked, so their presentation is read', async () => {
  const picture = 'ppt/media/image1.png';
  const bytes = zip({ ...presentationFiles(good), [picture]: 'x' }, { [picture]: 300 * 1024 * 1024 });
  expect((await readPptx(bytes)).title).toBe('x');
});

test('a damaged presentation is read, or refused with a reason', async () => {
  const whole = presentationFiles(good);
  await fc.assert(
    fc.asyncProperty(damaged(whole), async (bytes) => {
      await readPptx(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(SourceError));
    }),
    { numRuns: 60 },
  );
});
