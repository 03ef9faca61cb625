/** Says what a reader recognises a passage's source by. */
import type { RetrievedPassage } from '../retrieve.ts';
import type { Citation } from '../turn.ts';

/** What the content is comes first; where it came from decides only for content that is neither an article nor a material. */
export function sourceTypeOf({ contentType, sourceUri }: RetrievedPassage): Citation['sourceType'] {
  if (contentType === 'note_article') return 'note';
  if (contentType === 'material') return 'material';
  return sourceUri !== null && /^https?:\/\//i.test(sourceUri) ? 'web' : 'document';
}

/**
 * The address without its scheme for articles and pages of the web ("note.com/artist/n/abc"), the title for the rest; each
 * stands in where the other is missing, and the content's id where both are.
 */
export function sourceOf(passage: RetrievedPassage): string {
  const address = passage.sourceUri?.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '') ?? '';
  const title = passage.title.trim();
  const type = sourceTypeOf(passage);
  const [first, second] = type === 'note' || type === 'web' ? [address, title] : [title, address];
  return first || second || passage.contentId;
}
