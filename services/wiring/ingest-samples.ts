/** Ingests the sample documents into an empty embedded database, so that the first question gets an answer. */

import { connect } from '../postgres/client/connect.ts';
import { hasContent } from '../postgres/content/provenance.ts';
import { createStoreContent } from '../postgres/content/store-content.ts';
import { count } from '../runtime/console.ts';

/**
 * Does nothing on a database from DATABASE_URL, or on one that has or had content.
 * @param directory of the sample documents
 */
export async function ingestSamples(
  database: { readonly url: string; readonly embedded: boolean },
  directory: string,
  print: (line: string) => void,
): Promise<void> {
  if (!database.embedded) return;
  const pool = connect(database.url, { name: 'rag-samples', role: 'rag_worker' });
  try {
    if (await hasContent(pool)) return;
    // Loaded on the first start only: the PDF and HTML readers take 100 MB and half a second.
    const { ingest } = await import('../sources/ingest/ingest.ts');
    const deps = { store: createStoreContent(pool), clock: () => performance.now() };
    const report = await ingest([directory], { metadata: {}, sourceBase: null }, deps);
    for (const { path, reason } of report.failed) print(`Failed to ingest the sample ${path}: ${reason}`);
    print(`Ingested ${count(report.created, 'sample document')} (${count(report.passages, 'passage')}).`);
  } finally {
    await pool.end();
  }
}
