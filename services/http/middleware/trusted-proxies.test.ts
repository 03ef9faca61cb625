import { expect, test } from 'vitest';
import { trustedProxies } from './trusted-proxies.ts';

test.each([
  [undefined, false],
  ['false', false],
  ['true', true],
  ['0', 0],
  ['2', 2],
  ['loopback', ['loopback']],
  ['10.0.0.0/8, 2001:db8::/32,192.0.2.7', ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']],
])('TRUST_PROXY=%s is parsed', (value, trusted) => {
  expect(trustedProxies(value)).toEqual(trusted);
});

test.each(['yes', '10.0.0.0/33', '10.0.0.256', 'loopback,', '-1', '10.0.0.0/8/8'])(
  'TRUST_PROXY=%s aborts startup with an error naming the variable',
  (value) => {
    expect(() => trustedProxies(value)).toThrow(/TRUST_PROXY/);
  },
);
