import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAtLeastAsRestrictive, type License, licenses, mostRestrictive } from './license.ts';
import { grants } from './may-use.ts';

const sources = fc.array(fc.option(fc.constantFrom(...licenses)), { minLength: 1, maxLength: 9 });
const guide = readFileSync('docs/provenance.md', 'utf8');

test('the licence of an answer does not depend on the order, the repetition or the grouping of its sources', () => {
  fc.assert(
    fc.property(sources, sources, (some, others) => {
      const together = mostRestrictive([...some, ...others]);
      expect(mostRestrictive([...others, ...some])).toBe(together);
      expect(mostRestrictive([...some, ...others, ...some])).toBe(together);
      expect(mostRestrictive([mostRestrictive(some), mostRestrictive(others)])).toBe(together);
    }),
  );
});

test('it is the least restrictive licence that is at least as restrictive as that of each source', () => {
  fc.assert(
    fc.property(sources, (some) => {
      const answer = mostRestrictive(some) as License;
      const bounds = licenses.filter((license) =>
        some.every((source) => isAtLeastAsRestrictive(license, source ?? 'all_rights_reserved')),
      );
      expect(bounds).toContain(answer);
      for (const bound of bounds) expect(isAtLeastAsRestrictive(bound, answer)).toBe(true);
    }),
  );
});

test('"at least as restrictive" is an order: of itself, onwards, and never both ways between two licences', () => {
  const any = fc.constantFrom(...licenses);
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      expect(isAtLeastAsRestrictive(a, a)).toBe(true);
      if (isAtLeastAsRestrictive(a, b) && isAtLeastAsRestrictive(b, c)) expect(isAtLeastAsRestrictive(a, c)).toBe(true);
      if (isAtLeastAsRestrictive(a, b) && isAtLeastAsRestrictive(b, a)) expect(a).toBe(b);
    }),
  );
});

test('an answer without sources has no licence, and a source without a known one leaves all rights reserved', () => {
  expect(mostRestrictive([])).toBeNull();
  expect(mostRestrictive(['public_domain', null])).toBe('all_rights_reserved');
});

test('share-alike and non-commercial sources make an answer that may not be passed on', () => {
  expect(mostRestrictive(['cc_by_sa', 'cc_by_nc'])).toBe('all_rights_reserved');
  expect(mostRestrictive(['cc_by_nc_sa', 'cc_by_nc'])).toBe('cc_by_nc_sa');
});

test('the guide shows the licence of every pair, and what each licence grants, as the code has them', () => {
  const cell = (first: License, second: License) => mostRestrictive([first, second]);
  const rows = licenses.map((first) => [`**${first}**`, ...licenses.map((second) => cell(first, second))]);
  const table = [['', ...licenses], ['---', ...licenses.map(() => '---')], ...rows];
  expect(guide).toContain(table.map((row) => `| ${row.join(' | ')} |\n`).join(''));
  for (const license of licenses)
    expect(guide).toMatch(new RegExp(`^\\| \`${license}\` \\| ${grants[license]} \\|`, 'm'));
});
