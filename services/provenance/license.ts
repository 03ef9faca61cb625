/** Which licence an answer may be reused under, as it follows from the licences of its sources. */

/** The `license_type` enum. Of two that can be compared, the more restrictive one comes later. */
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
 * Under which licences a text made from such a source may be passed on. Share-alike admits itself alone, so it meets neither
 * another's limit to non-commercial use nor an owner's own terms: such a text may be read, and not passed on.
 */
const passedOnUnder: Readonly<Record<License, readonly License[]>> = {
  public_domain: licenses,
  mit: licenses.slice(1),
  apache_2_0: licenses.slice(2),
  cc_by: licenses.slice(3),
  cc_by_sa: ['cc_by_sa', 'all_rights_reserved'],
  cc_by_nc: ['cc_by_nc', 'cc_by_nc_sa', 'proprietary', 'all_rights_reserved'],
  cc_by_nc_sa: ['cc_by_nc_sa', 'all_rights_reserved'],
  proprietary: ['proprietary', 'all_rights_reserved'],
  all_rights_reserved: ['all_rights_reserved'],
};

/** Whether use that complies with `license` also complies with `other`. A partial order: cc_by_sa and cc_by_nc do not compare. */
export function isAtLeastAsRestrictive(license: License, other: License): boolean {
  return passedOnUnder[other].includes(license);
}

/**
 * The least restrictive licence that is at least as restrictive as that of every source; see docs/provenance.md. A source
 * without a known licence counts as `all_rights_reserved`, because nothing was granted. Null only where there are no sources.
 */
export function mostRestrictive(sources: readonly (License | null)[]): License | null {
  if (sources.length === 0) return null;
  const known = sources.map((license) => license ?? 'all_rights_reserved');
  return licenses.find((license) => known.every((source) => isAtLeastAsRestrictive(license, source))) ?? null;
}
