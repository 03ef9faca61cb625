/** Names the documents closest to a question that they do not answer. */
import { urlOf } from '../citations/source.ts';
import type { Retrieved } from '../retrieve.ts';
import type { RelatedDocument } from '../turn.ts';

const most = 3;
/** Documents that share fewer of the question's words are strays. */
const leastCoverage = 0.2;
/** Those that are no closer in meaning than others are strays, too. */
const leastStandsOut = 4;

/** At most three documents, closest first, of passages that the user may read. */
export function relatedDocuments({ passages, asked }: Retrieved): readonly RelatedDocument[] {
  if (!asked || (asked.coverage < leastCoverage && (asked.standsOut ?? 0) < leastStandsOut)) return [];
  const documents = new Map<string, RelatedDocument>();
  for (const passage of passages) {
    if (documents.has(passage.contentId)) continue;
    const url = urlOf(passage);
    const heading = passage.heading.split(' › ').at(-1)?.trim() ?? '';
    documents.set(passage.contentId, {
      documentId: passage.contentId,
      title: passage.title,
      ...(heading === '' || heading === passage.title ? {} : { heading }),
      ...(url === null ? {} : { url }),
    });
  }
  return [...documents.values()].slice(0, most);
}
