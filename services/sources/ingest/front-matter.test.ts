import { expect, test } from 'vitest';
import { splitFrontMatter } from './front-matter.ts';

/** Nine levels of seven aliases: forty million values in ten lines. */
const aliasBomb = Array.from({ length: 10 }, (_, at) =>
  at === 0
    ? 'a0: &a0 [x]'
    : `a${at}: &a${at} [${Array(7)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
).join('\n');
const metadata = (yaml: string) => splitFrontMatter(`---\n${yaml}\n---\nText.\n`).metadata;

test('everything that can be told of a content is read, and the text begins after it', () => {
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
  expect(splitFrontMatter(source)).toEqual({
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
    expect(splitFrontMatter(text)).toEqual({ metadata: {}, text });
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

test('names may be written with hyphens or underscores, and names of other tools are left alone', () => {
  expect(metadata('rights-holder: A\nretention_years: 0\ntags: [x]\nlayout: post\ndate: 2026-01-01')).toEqual({
    rightsHolder: 'A',
    retentionYears: 0,
  });
});

test.each([
  ['license: gpl', /license is none of the known licences: public_domain, mit, apache_2_0, cc_by/],
  ['licence: cc_by', /"licence" is not known; did you mean license\?/],
  ['expiresAt: 2020-01-01', /"expiresAt" is not known; say retentionYears, .* or accessPolicy: \{expiresAt/],
  ['valid_until: 2020-01-01', /"valid_until" is not known; say retentionYears/],
  ['license: [mit]', /license is not the name of a licence \(it is a list\)$/],
  ['retentionYears: soon', /retentionYears is not a number of years \(it is "soon"\)$/],
  ['retentionYears: 1.5', /retentionYears is not a whole number/],
  ['retentionYears: -1', /retentionYears is below 0 \(it is -1\)$/],
  ['permission: yes', /permission is not true or false \(it is "yes"\)$/],
  ['title: {a: b}', /title is not text \(it is values named "a"\)$/],
  [`title: [${'x'.repeat(99)}]`, /title is not text \(it is a list\)$/],
  [`contentType: ${'x'.repeat(99)}`, /contentType is none of material, .* \(it is "x{40}"\)$/],
  ['materialId: 7', /materialId is not the id of a row in materials \(it is 7\)$/],
  ['accessPolicy: staff', /accessPolicy is not limits by name, such as \{readGroups: \[staff\]\}/],
  ['accessPolicy: {readGroups: staff}', /accessPolicy.readGroups is not a list such as \[staff\] \(it is "staff"\)$/],
  ['acquiredAt: yesterday', /acquiredAt is not a date \(2027-03-31\)/],
  ['accessPolicy: {readGroup: [staff]}', /a limit that is none of readGroups, .* \(it is values named "readGroup"\)$/],
  ['accessPolicy: {ipWhitelist: [10.0.0.0/99]}', /accessPolicy.ipWhitelist.0 is not an address/],
  ['accessPolicy: {geoRestrictions: [Japan]}', /is not a country code such as JP/],
  ['contentType: ai_response', /contentType/],
  ['title: "\\u0000"', /title is empty/],
  ['title: [', /front matter is not YAML: .* at line/],
  ['title: a\n- b', /front matter is not YAML/],
  [aliasBomb, /front matter cannot be read: its aliases .* write the values out/],
])('%s is refused in words that say what to do', (yaml, message) => {
  expect(() => metadata(yaml)).toThrow(message);
});
