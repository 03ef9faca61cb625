/** Whether an address is on the public internet. Sources may be fetched only from there, unless their row allows other hosts. */
import ipaddr from 'ipaddr.js';

// Only the allocated part of IPv6: addresses such as `::127.0.0.1` are neither reserved nor allocated.
const allocated = ipaddr.IPv6.parseCIDR('2000::/3');

/** Azure's virtual machines reach their host's agent and its keys there, although the address is from a public range. */
const hostAgents = new Set(['168.63.129.16']);

/** A mapped address counts as its IPv4 address; addresses that embed others (6to4, NAT64 …) do not count as public. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (hostAgents.has(parsed.toString())) return false;
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(allocated));
}
