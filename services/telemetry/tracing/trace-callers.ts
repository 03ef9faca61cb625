/** Reads TRACEPARENT_TRUSTED: the callers whose `traceparent` header continues their trace. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

export class TraceCallersError extends Error {}

/** Whether the request continues the caller's trace and obeys its decision to record. */
export type TrustsCaller = (request: IncomingMessage) => boolean;

const ranges: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Headers of proxies: the caller is not the peer. */
const forwarded = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host'];

/**
 * By default programs on this machine are trusted, unless a proxy forwards the request. A listed peer is trusted with
 * everything that it forwards.
 * @param value addresses, ranges, `loopback`, `linklocal`, `uniquelocal`, separated by commas; `none`; undefined: the default
 * @throws {TraceCallersError} that names the variable
 */
export function trustedTraceCallers(value: string | undefined): TrustsCaller {
  if (value === 'none') return () => false;
  const list = listOf(value ?? 'loopback');
  const listed = (request: IncomingMessage) => {
    const { remoteAddress: address } = request.socket;
    return address !== undefined && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
  if (value !== undefined) return listed;
  return (request) => listed(request) && !forwarded.some((name) => request.headers[name] !== undefined);
}

function listOf(value: string): BlockList {
  const list = new BlockList();
  for (const part of value.split(',').map((each) => each.trim())) {
    for (const range of Object.hasOwn(ranges, part) ? (ranges[part] ?? []) : [part]) add(list, range);
  }
  return list;
}

function add(list: BlockList, range: string): void {
  try {
    const [address = '', bits] = range.split('/');
    const kind = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, kind);
    else if (/^\d{1,3}$/.test(bits)) list.addSubnet(address, Number(bits), kind);
    else throw new Error('not a number of bits');
  } catch {
    throw new TraceCallersError(
      `TRACEPARENT_TRUSTED: "${range}" is not an address, a range such as 10.0.0.0/8, or one of ${Object.keys(ranges).join(', ')}. Set a comma-separated list of these, or none.`,
    );
  }
}
