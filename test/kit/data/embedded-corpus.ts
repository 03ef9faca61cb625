/** Stores and embeds documents for tests of the search by meaning. */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type EmbeddingRun, embedPassages } from '../../../services/jobs/embed-passages.ts';
import { openForPassages } from '../../../services/llm/embeddings/open-embeddings.ts';
import { isRefusedRequest } from '../../../services/llm/embeddings/scoring-client.ts';
import { createStoreContent } from '../../../services/postgres/content/store-content.ts';
import type { ContentDocument } from '../../../services/provenance/content.ts';
import type { RunResult } from '../../../services/rollup/leased-run.ts';
import { contentDocument } from './content-document.ts';

/** Without an access policy, with consent to sharing. */
export function storeDocument(pool: Pool, text: string, values: Partial<ContentDocument> = {}): Promise<unknown> {
  const open = { accessPolicy: null, externalShareConsent: true, sha256: randomUUID(), title: '', ...values };
  const document = contentDocument(open, text.split('\n'));
  const passages = document.passages.map((passage) => ({ ...passage, heading: '' }));
  return createStoreContent(pool)({ ...document, passages });
}

export function embeddingsSettings(baseUrl: string, model = 'meanings-1') {
  return { baseUrl, apiKey: undefined, model, prefixes: {}, batchSize: 2, timeoutMs: 1_000 };
}

/** Runs the job once, without retries. */
export function embedOnce(
  pool: Pool,
  baseUrl: string,
  { model = 'meanings-1', trusted = true }: { model?: string; trusted?: boolean } = {},
): Promise<RunResult<EmbeddingRun>> {
  const settings = embeddingsSettings(baseUrl, model);
  return embedPassages(
    pool,
    { ...settings, ...openForPassages(settings), trusted, requestsPerMinute: null },
    { retry: { retries: 0 }, now: () => new Date() },
    { runId: randomUUID(), signal: new AbortController().signal, isRefusal: isRefusedRequest },
  );
}
