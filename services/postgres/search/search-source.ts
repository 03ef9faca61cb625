/** Searches the ingested content of one source, for operators. */
import type { Pool } from 'pg';
import { createRetrieve } from './retrieve-passages.ts';

export type FoundContent = { readonly title: string; readonly uri: string; readonly excerpt: string };

const excerptLength = 200;
/** Passages that cover less of the query's words, weighted by their rarity, share them by chance. */
const leastCoverage = 0.22;
/** Finds only content that is open to everyone. */
const anonymous = { userId: '', role: '', groups: [], ip: null, country: null };

/** Returns each document once, best first, and only content that answers may use. */
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
  const noFilters = { licenses: null, languages: null, contentTypes: null, from: null, before: null };
  const { passages, asked } = await retrieve({
    query,
    history: [],
    requester: anonymous,
    filters: { ...noFilters, sources: [source] },
    signal: new AbortController().signal,
  });
  if (!asked || asked.coverage < leastCoverage) return [];
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
