/** Makes writers of passages take turns. */
import type { ClientBase } from 'pg';

/**
 * Waits for the other writers; held until the transaction ends. Every writer takes this lock before any other, so none of
 * them can deadlock over the counts of terms that they share.
 */
export async function lockPassageCorpus(client: ClientBase): Promise<void> {
  await client.query('select from passage_corpus for update');
}
