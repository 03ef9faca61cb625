/** Reads TRUST_PROXY, which says whose X-Forwarded-* headers count. */
import { BlockList, isIP } from 'node:net';

const names = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * @returns a value for Express's "trust proxy": a number of proxies, a list of addresses, ranges and names, or a boolean
 * @throws {Error} that names TRUST_PROXY
 */
export function trustedProxies(given: string | undefined): boolean | number | string[] {
  if (given === undefined || given === 'false') return false;
  if (given === 'true') return true;
  if (/^\d{1,3}$/.test(given)) return Number(given);
  const parts = given.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => !names.has(part) && !isAddressOrRange(part));
  if (wrong !== undefined) {
    throw new Error(
      `TRUST_PROXY: "${wrong}" is no address, no range like 10.0.0.0/8 and none of ${[...names].join(', ')}; give a list of those, or the number of proxies`,
    );
  }
  return parts;
}

function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
