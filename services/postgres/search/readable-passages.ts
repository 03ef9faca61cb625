/** The conditions under which a user finds a passage: rights, filters and the state of its document. */
import type { Requester, SearchFilters } from '../../chat/retrieve.ts';
import { licensesThatGrantUse } from '../../provenance/may-use.ts';

export type Reader = {
  /** Content is found only if its access policy lets this user read it. */
  readonly requester: Pick<Requester, 'groups' | 'country' | 'ip'>;
  /** Content is found only if its licence or owner permits the use. */
  readonly commercialUse: boolean;
  readonly filters: SearchFilters | null;
  /** Content that expires at this instant or before is not found. */
  readonly now: Date;
};

/** How many values {@link readableValues} returns. */
export const readableParameters = 11;

/**
 * Conditions on `provenance`: current content that is neither removed nor expired, that the user may read, whose use is permitted,
 * whose source is enabled, and that matches the filters.
 * @param first the number of the first parameter
 */
export function readable(first: number): string {
  const [now, groups, country, ip, usable, sources, licenses, languages, types, from, before] = Array.from(
    { length: readableParameters },
    (_, index) => `$${first + index}`,
  );
  return `
    provenance.content_type <> 'ai_response'
    and provenance.superseded_at is null
    and provenance.removed_at is null
    and (provenance.expires_at is null or provenance.expires_at > ${now}::timestamptz)
    and (provenance.permission_flag or provenance.license_type = any(${usable}::license_type[]))
    and (provenance.access_policy is null or rag_may_read(provenance.access_policy, ${groups}, ${country}, ${ip}, ${now}))
    and (provenance.source is null or provenance.source = any((select rag_enabled_sources())::text[]))
    and (${sources}::text[] is null or provenance.source = any(${sources}))
    and (${licenses}::license_type[] is null or provenance.license_type = any(${licenses}))
    and (${languages}::text[] is null or provenance.language = any(${languages}) or split_part(provenance.language, '-', 1) = any(${languages}))
    and (${types}::content_type[] is null or provenance.content_type = any(${types}))
    and (${from}::timestamptz is null or coalesce(provenance.published_at, provenance.acquired_at) >= ${from})
    and (${before}::timestamptz is null or coalesce(provenance.published_at, provenance.acquired_at) < ${before})`;
}

/** The values of the parameters of {@link readable}, in their order. */
export function readableValues({ requester, commercialUse, filters, now }: Reader): readonly unknown[] {
  return [
    now,
    requester.groups,
    requester.country,
    requester.ip,
    licensesThatGrantUse(commercialUse),
    filters?.sources ?? null,
    filters?.licenses ?? null,
    filters?.languages ?? null,
    filters?.contentTypes ?? null,
    filters?.from ?? null,
    filters?.before ?? null,
  ];
}
