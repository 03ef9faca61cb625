import { expect, test } from 'vitest';
import { findFrontMatter, splitFrontMatter } from './front-matter.ts';
import { parseMetadata } from './parse-metadata.ts';

/** Nine levels of seven aliases: forty million values in ten lines. */
const aliasBomb = Array.from({ length: 10 }, (_, at) =>
  at === 0
    ? 'a0: &a0 [x]'
    : `a${at}: &a${at} [${Array(7)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
).join('\n');
/** Without a parser process for each. */
function stated(source: string) {
  const found = findFrontMatter(source);
  if (found === null) throw new Error('no front matter');
  return { ...parseMetadata({ ...found, where: 'front matter' }), text: source.slice(found.end) };
}
const metadata = (yaml: string) => stated(`---\n${yaml}\n---\nText.\n`).metadata;

test('all metadata is read, and the text begins after it', async () => {
  const source = `\ufeff---\r
title: 引用\r
license: cc_by_sa\r
rightsHolder: The authors\r
sourceUri: https://example.org/a\r
retentionYears: 7\r
permission: true\r
externalShareConsent: false\r
contentType: note_article\r
acquisitionMethod: api_fetch\r
acquiredAt: 2026-03-31T18:00:00+09:00\r
accessPolicy:\r
  readGroups: [staff, 2026]\r
  writeGroups: []\r
  expiresAt: 2027-03-31\r
  geoRestrictions: [JP]\r
  ipWhitelist: [10.0.0.0/8, "2001:db8::1"]\r
---\r
# Text\r
`;
  expect(await splitFrontMatter(source)).toEqual({
    warnings: [],
    metadata: {
      title: '引用',
      license: 'cc_by_sa',
      rightsHolder: 'The authors',
      sourceUri: 'https://example.org/a',
      retentionYears: 7,
      permission: true,
      externalShareConsent: false,
      contentType: 'note_article',
      acquisitionMethod: 'api_fetch',
      acquiredAt: new Date('2026-03-31T09:00:00Z'),
      accessPolicy: {
        readGroups: ['staff', '2026'],
        writeGroups: [],
        expiresAt: '2027-03-31T00:00:00.000Z',
        geoRestrictions: ['JP'],
        ipWhitelist: ['10.0.0.0/8', '2001:db8::1'],
      },
    },
    text: '# Text\r\n',
  });
});

test('a text without front matter is all text, even if it begins with a rule', () => {
  for (const text of ['Text', '---\n\nA rule above, and\n\n---\nbelow', '', '---', '-- -\nlicense: cc_by\n---\n']) {
    expect(findFrontMatter(text)).toBeNull();
  }
});

test.each([
  ['CC-BY-SA-4.0', 'cc_by_sa'],
  ['CC BY 4.0', 'cc_by'],
  ['Apache-2.0', 'apache_2_0'],
  ['MIT', 'mit'],
])('the licence %s is known by its usual spelling', (spelled, license) => {
  expect(metadata(`license: ${spelled}`)).toEqual({ license });
});

test('names may be written with hyphens or underscores, and names of other tools are ignored', () => {
  expect(metadata('rights-holder: A\nretention_years: 0\ntags: [x]\nlayout: post\ndate: 2026-01-01')).toEqual({
    rightsHolder: 'A',
    retentionYears: 0,
    publishedAt: new Date('2026-01-01T00:00:00Z'),
  });
});

test.each([
  ['license: shareware', /license is not a known licence; use an SPDX .* public_domain, mit, apache_2_0, cc_by/],
  ['lisence: cc_by', /"lisence" is not known; did you mean license\?/],
  ['expiresAt: 2020-01-01', /"expiresAt" is ambiguous; use retentionYears .* or accessPolicy: \{expiresAt/],
  ['valid_until: 2020-01-01', /"valid_until" is ambiguous; use retentionYears/],
  ['license: [mit, shareware]', /license is not a known licence.* \(it is a list\)$/],
  ['retentionYears: soon', /retentionYears is not a number of years \(it is "soon"\)$/],
  ['retentionYears: 1.5', /retentionYears is not a whole number/],
  ['retentionYears: -1', /retentionYears is below 0 \(it is -1\)$/],
  ['permission: yes', /permission is not true or false \(it is "yes"\)$/],
  ['rightsHolder: {a: b}', /rightsHolder is not text \(it is values named "a"\)$/],
  [`contentType: ${'x'.repeat(99)}`, /contentType is none of material, .* \(it is "x{40}"\)$/],
  ['materialId: 7', /materialId is not the id of a row in materials \(it is 7\)$/],
  ['accessPolicy: staff', /accessPolicy is not limits by name, such as \{readGroups: \[staff\]\}/],
  ['accessPolicy: {readGroups: staff}', /accessPolicy.readGroups is not a list such as \[staff\] \(it is "staff"\)$/],
  ['acquiredAt: yesterday', /acquiredAt is not a date \(2027-03-31\)/],
  ['accessPolicy: {readGroup: [staff]}', /a limit that is none of readGroups, .* \(it is values named "readGroup"\)$/],
  ['accessPolicy: {ipWhitelist: [10.0.0.0/99]}', /accessPolicy.ipWhitelist.0 is not an address/],
  ['accessPolicy: {geoRestrictions: [Japan]}', /is not a country code such as JP/],
  ['contentType: ai_response', /contentType/],
  ['rightsHolder: "\\u0000"', /rightsHolder is empty/],
  ['sourceUri: file:///dev/zero', /sourceUri is a file URL/],
  ['tags:\n  - [', /front matter is not YAML: .* at line/],
  ['title: a\n- b', /front matter is not YAML/],
  [aliasBomb, /front matter cannot be read: its aliases .* write the values out/],
])('%s is rejected with a message that says what to do', (yaml, message) => {
  expect(() => metadata(yaml)).toThrow(message);
});

test.each([
  ['YAML', '---\nlicense: CC0-1.0\ntitle: Tides: an introduction\n---\nText.\n'],
  ['YAML after an empty line', '\n---\nlicense: CC0-1.0\ntitle: "Tides: an introduction"\n...\nText.\n'],
  ['TOML', '+++\nlicense = "CC0-1.0"\ntitle = "Tides: an introduction"\ndraft = false\n+++\nText.\n'],
  [
    'TOML with a section of its theme',
    '+++\ntitle = "Tides: an introduction"\n[extra]\nlicense = "CC0-1.0"\n+++\nText.\n',
  ],
  ['JSON', '{\n  "title": "Tides: an introduction",\n  "license": {"name": "CC0-1.0", "tags": ["}"]}\n}\nText.\n'],
  ['fenced JSON', ';;;\n{"title": "Tides: an introduction", "license": "CC0-1.0"}\n;;;\nText.\n'],
  ['YAML with its name', '---yaml\nlicense: CC0-1.0\ntitle: "Tides: an introduction"\n---\nText.\n'],
])('front matter in %s is read', (_, source) => {
  const { metadata: found, text } = stated(source);
  expect([found, text.trim()]).toEqual([{ license: 'public_domain', title: 'Tides: an introduction' }, 'Text.']);
});

test.each([
  ['lang: en_US', { language: 'en-us' }],
  ['locale: ja_JP.UTF-8', { language: 'ja-jp' }],
  ['publishedAt: 2024-01-05 10:00', { publishedAt: new Date('2024-01-05T10:00:00Z') }],
  ['date: 2024-01-05 10:00:30 +0900', { publishedAt: new Date('2024-01-05T01:00:30Z') }],
  ['date: 2024/1/5', { publishedAt: new Date('2024-01-05T00:00:00Z') }],
  ['date: 2024年1月5日', { publishedAt: new Date('2024-01-05T00:00:00Z') }],
  ['published: true\npubDate: 2024-01-05', { publishedAt: new Date('2024-01-05T00:00:00Z') }],
  ['licence: MIT License', { license: 'mit' }],
  ['license: [MIT, CC-BY-SA-4.0]', { license: 'cc_by_sa' }],
  ['rights: CC BY 4.0 International', { license: 'cc_by' }],
  ['copyright: © 2024 ACME. All rights reserved.', { license: 'all_rights_reserved' }],
  ['license: https://creativecommons.org/licenses/by-nc-nd/4.0/deed.ja', { license: 'all_rights_reserved' }],
  ['license:\ntitle: [Draft] Tides', { title: '[Draft] Tides' }],
])('the usual field %j is understood', (yaml, expected) => {
  expect(metadata(yaml)).toEqual(expected);
});

test.each(['language: Klingon!', 'publishedAt: last Tuesday', 'title: [a, b]'])(
  'a value of %j that no right depends on is ignored with a warning',
  (yaml) => {
    const { metadata: found, warnings } = stated(`---\n${yaml}\nlicense: mit\n---\n`);
    expect([found, warnings]).toEqual([{ license: 'mit' }, [expect.stringMatching(/^front matter: ignored, because/)]]);
  },
);

test.each(['{{< figure >}}\n', '{#id}\n', '{% include x %}\n', '{ "not closed": 1\nText\n'])(
  'text that begins with %j has no front matter',
  (text) => {
    expect(findFrontMatter(text)).toBeNull();
  },
);

test('front matter of more than 64 KB is rejected without being parsed, and rules alone take no time', async () => {
  const start = performance.now();
  await expect(splitFrontMatter(`---\nlicense: mit\na: ${'[1]'.repeat(70_000)}\n---\n`)).rejects.toThrow(
    'more than 64 KB',
  );
  await expect(splitFrontMatter(`{"license": "mit", "a": "${'x'.repeat(70_000)}"}`)).rejects.toThrow('more than 64 KB');
  const rules = '---\n'.repeat(400_000);
  expect((await splitFrontMatter(rules)).text.length).toBeGreaterThan(1_000_000);
  expect(performance.now() - start).toBeLessThan(1_500);
});

test('front matter that is slow to parse does not block the program', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 20);
  await splitFrontMatter(`---\na: ${'[1]'.repeat(8_000)}\nlicense: mit\n---\n`).catch(() => {});
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(3);
});
