/** Changes of a source's row what an administrator may change. */
import type { Pool } from 'pg';
import { asActor } from './as-actor.ts';

/** @param change enabled, config, facts, syncEveryMinutes; what is absent stays */
export async function administerSource(
  pool: Pool,
  { source, change, actor }: { source: string; change: object; actor: string },
): Promise<void> {
  await asActor(pool, actor, (client) =>
    client.query({
      name: 'administer-source',
      text: 'select rag_change_source($1, $2)',
      values: [source, JSON.stringify(change)],
    }),
  );
}
