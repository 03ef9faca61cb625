/** Parses TRUST_PROXY: the proxies whose X-Forwarded-* headers are trusted. */
import { BlockList, isIP } from 'node:net';

const names = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * @returns a value for "trust proxy" of Express: a number of proxies, a list of addresses, ranges and names, or a boolean
 * @throws {Error} that names TRUST_PROXY
 */
export function trustedProxies(value: string | undefined): boolean | number | string[] {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  if (/^\d{1,3}$/.test(value)) return Number(value);
  const parts = value.split(',').map((part) => part.trim());
  const invalid = parts.find((part) => !names.has(part) && !isAddressOrRange(part));
  if (invalid !== undefined) {
    throw new Error(
      `TRUST_PROXY: "${invalid}" is not an address, a range such as 10.0.0.0/8, or one of ${[...names].join(', ')}. Set a comma-separated list of these, or the number of proxies.`,
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
