/** Fills the embedded database with the sample materials on the first start, so that the first question has an answer. */

import { connect } from '../postgres/client/connect.ts';
import { hasContent } from '../postgres/content/provenance.ts';
import { createStoreContent } from '../postgres/content/store-content.ts';
import { count } from '../runtime/console.ts';

/**
 * Leaves a database of others alone, and one that has or had content of its own.
 * @param directory of the sample materials
 */
export async function takeInSamples(
  database: { readonly url: string; readonly embedded: boolean },
  directory: string,
  say: (line: string) => void,
): Promise<void> {
  if (!database.embedded) return;
  const pool = connect(database.url, { name: 'rag-samples', role: 'rag_worker' });
  try {
    if (await hasContent(pool)) return;
    // The readers of PDF and HTML take a hundred megabytes and half a second, which later starts need not spend.
    const { ingest } = await import('../sources/ingest/ingest.ts');
    const given = { store: createStoreContent(pool), clock: () => performance.now() };
    const report = await ingest([directory], { metadata: {}, sourceBase: null }, given);
    for (const { path, reason } of report.failed) say(`A sample was not taken in: ${path} ${reason}`);
    say(`Took in ${count(report.created, 'sample material')}, ${count(report.passages, 'passage')}.`);
  } finally {
    await pool.end();
  }
}
