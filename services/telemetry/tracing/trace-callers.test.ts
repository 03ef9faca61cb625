import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { trustedTraceCallers } from './trace-callers.ts';

function from(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])(
  'a program on this machine (%s) is trusted by default',
  (address) => {
    expect(trustedTraceCallers(undefined)(from(address))).toBe(true);
  },
);

test.each(['10.0.0.7', '203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', ''])(
  'another address (%s) is not trusted by default',
  (address) => {
    expect(trustedTraceCallers(undefined)(from(address))).toBe(false);
  },
);

test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host'])(
  'a request that a proxy on this machine forwards with %s is not trusted by default',
  (name) => {
    expect(trustedTraceCallers(undefined)(from('127.0.0.1', { [name]: '203.0.113.9' }))).toBe(false);
  },
);

test('a listed peer is trusted with what it forwards, and only it', () => {
  const trusts = trustedTraceCallers('10.1.0.0/16, 2001:db8::7');
  expect(trusts(from('10.1.2.3', { 'x-forwarded-for': '203.0.113.9' }))).toBe(true);
  expect(trusts(from('::ffff:10.1.2.3'))).toBe(true);
  expect(trusts(from('2001:db8::7'))).toBe(true);
  expect(trusts(from('10.2.0.1'))).toBe(false);
  expect(trusts(from('127.0.0.1'))).toBe(false);
});

test('with none, no caller is trusted', () => {
  expect(trustedTraceCallers('none')(from('127.0.0.1'))).toBe(false);
});

test.each(['gateway', '10.0.0.0/33', 'loopback,', '1.2.3'])(
  'the error of an unreadable list (%s) names the variable',
  (value) => {
    expect(() => trustedTraceCallers(value)).toThrow(/^TRACEPARENT_TRUSTED: /);
  },
);
