/** Searches what was taken in of one source, for whoever looks after it. */
import type { Pool } from 'pg';
import { createRetrieve } from './retrieve-passages.ts';

export type FoundContent = { readonly title: string; readonly uri: string; readonly excerpt: string };

const excerptLength = 200;
/** Nobody in particular: what is open to some only is not shown. */
const nobody = { userId: '', role: '', groups: [], ip: null, country: null };

/** Each content once, best first; only what answers may be made from. */
export async function searchSynced(
  pool: Pool,
  {
    source,
    query,
    limit,
    commercialUse,
    now,
  }: { source: string; query: string; limit: number; commercialUse: boolean; now: () => Date },
): Promise<readonly FoundContent[]> {
  const retrieve = createRetrieve({ pool, remoteModel: false, commercialUse, now, limit: limit * 4 });
  const everything = { licenses: null, languages: null, contentTypes: null, from: null, before: null };
  const { passages } = await retrieve({
    query,
    history: [],
    requester: nobody,
    filters: { ...everything, sources: [source] },
    signal: new AbortController().signal,
  });
  const byContent = new Map(passages.toReversed().map((passage) => [passage.contentId, passage]));
  return [...byContent.values()]
    .sort((a, b) => b.rank - a.rank)
    .slice(0, limit)
    .map(({ title, sourceUri, text }) => ({
      title,
      uri: sourceUri ?? '',
      excerpt: text.replace(/\s+/g, ' ').slice(0, excerptLength),
    }));
}
