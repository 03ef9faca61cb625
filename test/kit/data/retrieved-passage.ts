/** Builds a retrieved passage for tests. */
import type { RetrievedPassage } from '../../../services/chat/retrieve.ts';

/** The n-th best passage; `values` overrides the defaults. */
export function retrievedPassage(
  number: number,
  text: string,
  values: Partial<RetrievedPassage> = {},
): RetrievedPassage {
  return {
    passageId: `passage-${number}`,
    contentId: `content-${number}`,
    contentType: 'material',
    title: `Material #${number}`,
    heading: '',
    text,
    pageNumber: null,
    startSeconds: null,
    paragraphIndex: number + 10,
    sourceUri: null,
    license: 'cc_by',
    rank: 1 / number,
    ...values,
  };
}
