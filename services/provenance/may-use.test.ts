import fc from 'fast-check';
import { expect, test } from 'vitest';
import { licenses } from './license.ts';
import { mayUse } from './may-use.ts';

const anyLicense = fc.option(fc.constantFrom(...licenses));
const anyPermission = fc.option(fc.boolean());

test.each([
  [null, false, false],
  ['public_domain', true, true],
  ['mit', true, true],
  ['apache_2_0', true, true],
  ['cc_by', true, true],
  ['cc_by_sa', true, true],
  ['cc_by_nc', true, false],
  ['cc_by_nc_sa', true, false],
  ['proprietary', false, false],
  ['all_rights_reserved', false, false],
] as const)('content under %s is used without a permission: %s, commercially: %s', (license, free, commercial) => {
  expect(mayUse({ license, permission: null }, false)).toBe(free);
  expect(mayUse({ license, permission: false }, true)).toBe(commercial);
});

test('a permission is enough under any licence, and commercial use never opens what non-commercial use does not', () => {
  fc.assert(
    fc.property(anyLicense, anyPermission, fc.boolean(), (license, permission, commercialUse) => {
      expect(mayUse({ license, permission: true }, commercialUse)).toBe(true);
      if (mayUse({ license, permission }, true)) expect(mayUse({ license, permission }, false)).toBe(true);
    }),
  );
});
