/** Builds a document to store, with defaults, and checks the stored term counts. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ContentDocument } from '../../../services/provenance/content.ts';
import type { TestDatabase } from '../database/test-database.ts';

export function contentDocument(
  values: Partial<ContentDocument> = {},
  texts: readonly string[] = ['Odd numbers.'],
): ContentDocument {
  const title = values.title ?? 'Numbers';
  const sourceUri = values.sourceUri ?? `https://example.org/${randomUUID()}`;
  return {
    sourceUri,
    path: '/tmp/numbers.md',
    origin: { source: 'local', key: sourceUri, versionHash: null },
    language: 'en',
    publishedAt: null,
    title,
    contentType: 'material',
    license: 'cc_by',
    rightsHolder: 'Ann Author',
    permission: true,
    externalShareConsent: null,
    retentionYears: 3,
    accessPolicy: { readGroups: ['course-7'] },
    acquisitionMethod: 'manual_upload',
    acquiredAt: new Date('2026-02-03T04:05:06Z'),
    sha256: 'a'.repeat(64),
    manifest: null,
    passages: texts.map((text, position) => ({
      position,
      paragraphIndex: position * 3,
      pageNumber: position + 11,
      startSeconds: position + 83,
      title,
      heading: 'Primes › Odd',
      text,
    })),
    ...values,
  };
}

/** Compares the stored counts with new ones. */
export async function expectCountsToMatch(db: TestDatabase): Promise<void> {
  const counted = 'select lexeme as term, count(*)::integer as passages from passage, unnest(terms) group by lexeme';
  const kept = 'select term, passages from passage_term';
  expect(await db.query(`(${counted} except ${kept}) union all (${kept} except ${counted})`)).toEqual([]);
  const corpus = 'select count(*) as passages, coalesce(sum(term_count), 0)::bigint as term_count from passage';
  expect(await db.query('select passages, term_count from passage_corpus')).toEqual(await db.query(corpus));
}
