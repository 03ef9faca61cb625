import { expect, test } from 'vitest';
import { licenses } from './license.ts';
import { parseLicense } from './license-names.ts';

test.each(licenses)('%s is known by its own name in any case and with any separator', (license) => {
  for (const name of [license, license.toUpperCase(), license.replaceAll('_', '-'), license.replaceAll('_', ' ')]) {
    expect(parseLicense(name)).toBe(license);
  }
});

test.each([
  [
    'public_domain',
    'CC0-1.0',
    'CC0 1.0 Universal (CC0 1.0) Public Domain Dedication',
    'Unlicense',
    'パブリックドメイン',
    'https://creativecommons.org/publicdomain/zero/1.0/',
  ],
  [
    'mit',
    'MIT License',
    'The MIT License (MIT)',
    'Expat',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'https://opensource.org/license/mit/',
  ],
  [
    'apache_2_0',
    'Apache License, Version 2.0',
    'Apache-2.0 WITH LLVM-exception',
    'BSD-3-Clause',
    'MIT OR Apache-2.0',
    'https://www.apache.org/licenses/LICENSE-2.0.html',
  ],
  [
    'cc_by',
    'CC BY 4.0 International',
    'Creative Commons Attribution 4.0 International License',
    'CC-BY-3.0-IGO',
    'CC‑BY‑4.0',
    '(MIT AND CC-BY-4.0)',
    'クリエイティブ・コモンズ 表示 4.0 国際 ライセンス',
    'http://creativecommons.org/licenses/by/4.0/legalcode',
    '[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)',
  ],
  ['cc_by_sa', 'Attribution-ShareAlike 4.0 International', 'CC BY-SA 3.0 JP', '表示-継承 4.0'],
  ['cc_by_nc', 'Creative Commons Attribution-NonCommercial 4.0', '表示-非営利 4.0'],
  ['cc_by_nc_sa', 'CC BY-NC-SA 4.0', 'https://creativecommons.org/licenses/by-nc-sa/4.0/deed.ja'],
  ['proprietary', 'Proprietary license', 'EULA'],
  [
    'all_rights_reserved',
    'All rights reserved.',
    '© 2024 ACME, Inc. All rights reserved.',
    'UNLICENSED',
    '本資料の無断転載を禁じます。',
  ],
] as const)('%s is known by the names in use', (license, ...names) => {
  for (const name of names) expect([name, parseLicense(name)]).toEqual([name, license]);
});

test('a licence that the enum cannot express becomes a more restrictive one, never a freer one', () => {
  for (const name of [
    'CC-BY-ND-4.0',
    'CC BY-NC-ND 4.0',
    'GPL-3.0-or-later',
    'GNU General Public License v3.0',
    'MPL-2.0',
    'GFDL 1.3',
  ]) {
    expect([name, parseLicense(name)]).toEqual([name, 'all_rights_reserved']);
  }
});

test('a name that is not understood as a whole is not guessed at', () => {
  for (const name of [
    '',
    'CC',
    'by',
    'CC BY 4.0 except images',
    'MIT or so',
    'Apache-1.1',
    'see LICENSE',
    'custom',
    'constructor',
    'https://example.org/license',
  ]) {
    expect([name, parseLicense(name)]).toEqual([name, null]);
  }
});

test('long and crafted names take no time', () => {
  const start = performance.now();
  for (const part of [' ', '-', 'cc0 ', 'cc by ', '(', 'a ']) expect(parseLicense(part.repeat(100_000))).toBeNull();
  for (const part of ['cc0 ', 'cc ', ' ', '- ', '1.0 ']) parseLicense(`cc0${part.repeat(60)}x`);
  expect(performance.now() - start).toBeLessThan(200);
});
