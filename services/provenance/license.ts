/** Which licence an answer may be reused under: the most restrictive one of its sources. */

/** The `license_type` enum, from the least restrictive to the most; the order is the lattice (a chain, so order of sources never matters). */
export const licenses = [
  'public_domain',
  'mit',
  'apache_2_0',
  'cc_by',
  'cc_by_sa',
  'cc_by_nc',
  'cc_by_nc_sa',
  'proprietary',
  'all_rights_reserved',
] as const;

export type License = (typeof licenses)[number];

/**
 * Licence of text derived from `sources`. A source without a known licence counts as `all_rights_reserved`, because
 * nothing was granted. Null only where there are no sources.
 */
export function mostRestrictive(sources: readonly (License | null)[]): License | null {
  if (sources.length === 0) return null;
  const rank = (license: License | null) => licenses.indexOf(license ?? 'all_rights_reserved');
  return licenses[Math.max(...sources.map(rank))] ?? null;
}
