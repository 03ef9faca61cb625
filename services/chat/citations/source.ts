/** Names the source of a passage for readers, and the address at which a browser opens it. */
import type { RetrievedPassage } from '../retrieve.ts';
import type { Citation } from '../turn.ts';

/** The content type decides; the address only for documents that are neither articles nor materials. */
export function sourceTypeOf({ contentType, sourceUri }: RetrievedPassage): Citation['sourceType'] {
  if (contentType === 'note_article') return 'note';
  if (contentType === 'material') return 'material';
  return sourceUri !== null && /^https?:\/\//i.test(sourceUri) ? 'web' : 'document';
}

/**
 * Articles and web pages are named by their address without its scheme ("note.com/artist/n/abc"), other documents by their
 * title. Where one is missing the other is used, and the document's id where both are.
 */
export function sourceOf(passage: RetrievedPassage): string {
  const address = passage.sourceUri?.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '') ?? '';
  const title = passage.title.trim();
  const type = sourceTypeOf(passage);
  const [first, second] = type === 'note' || type === 'web' ? [address, title] : [title, address];
  return first || second || passage.contentId;
}

/** Sites whose player reads the parameter `t`. Others take a W3C media fragment. */
const withParameter = /(?:^|\.)(?:youtube\.com|youtu\.be)$/;

/** A recording opens at the second at which the passage begins. Null for sources without a web address. */
export function urlOf({ sourceUri, startSeconds }: RetrievedPassage): string | null {
  if (sourceUri === null || !/^https?:\/\//i.test(sourceUri) || !URL.canParse(sourceUri)) return null;
  if (startSeconds === null) return sourceUri;
  const url = new URL(sourceUri);
  if (withParameter.test(url.hostname)) url.searchParams.set('t', `${startSeconds}s`);
  else url.hash = `t=${startSeconds}`;
  return url.href;
}
