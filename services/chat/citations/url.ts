/** Says where a browser opens what a passage was taken from. */
import type { RetrievedPassage } from '../retrieve.ts';

/** The sites whose player begins at `t`; elsewhere a fragment tells the time, as W3C's Media Fragments have it. */
const withParameter = /(?:^|\.)(?:youtube\.com|youtu\.be)$/;

/** A recording opens at the passage's second. Null for what is nowhere on the web. */
export function urlOf({ sourceUri, startSeconds }: RetrievedPassage): string | null {
  if (sourceUri === null || !/^https?:\/\//i.test(sourceUri) || !URL.canParse(sourceUri)) return null;
  if (startSeconds === null) return sourceUri;
  const url = new URL(sourceUri);
  if (withParameter.test(url.hostname)) url.searchParams.set('t', `${startSeconds}s`);
  else url.hash = `t=${startSeconds}`;
  return url.href;
}
