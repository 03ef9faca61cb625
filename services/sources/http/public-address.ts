/** Whether an address is on the public internet: the only place that a source may be fetched from unless its row says otherwise. */
import ipaddr from 'ipaddr.js';

// Of IPv6 only what is given out: `::127.0.0.1` and the like are neither reserved nor anybody's.
const givenOut = ipaddr.IPv6.parseCIDR('2000::/3');

/** Mapped addresses count as what they stand for; addresses that embed others (6to4, NAT64 …) do not count as public. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(givenOut));
}
