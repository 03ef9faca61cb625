/** Reads everything that is held about a user, a page of lines at a time, as it was at one moment. */
import type { ClientBase, Pool } from 'pg';
import { beginAs } from './as-user.ts';
import type { DialogueRow } from './dialogue-row.ts';
import { exportStatements } from './export-statements.ts';
import type { ProvenanceRow } from './provenance-row.ts';
import { readInPages } from './read-in-pages.ts';
import { inSnapshot } from './snapshot.ts';

/** Null in a `user` line: there is no such row. */
export type ExportLine =
  | {
      readonly type: 'user';
      readonly id: string;
      readonly email: string | null;
      readonly role: string | null;
      readonly createdAt: Date | null;
    }
  | (DialogueRow & {
      readonly type: 'dialogue';
      readonly contextWindowSize: number | null;
      readonly temperature: number | null;
      /** Null: no judge is at it. */
      readonly judgingAttempts: number | null;
      readonly judgingUntil: Date | null;
      readonly updatedAt: Date;
    })
  /** The row as the LMS had it. */
  | { readonly type: 'orphaned_dialogue'; readonly dialogue: Readonly<Record<string, unknown>>; readonly movedAt: Date }
  | (ProvenanceRow & { readonly type: 'provenance'; readonly createdAt: Date; readonly updatedAt: Date })
  | {
      readonly type: 'idempotency_key';
      readonly key: string;
      readonly requestSha256: string;
      readonly dialogueId: string;
      readonly createdAt: Date;
    }
  /** The last line; without it the export is not whole. `rows`: how many lines came before. */
  | { readonly type: 'end'; readonly rows: number };

/** Takes a connection until it ends or is told to (`return`). Memory: one page. */
export function exportUser(pool: Pool, userId: string): AsyncGenerator<readonly ExportLine[]> {
  return inSnapshot(
    pool,
    (client) => read(client, userId),
    (client, statement) => beginAs(client, userId, statement),
  );
}

async function* read(client: ClientBase, userId: string): AsyncGenerator<readonly ExportLine[]> {
  let rows = 0;
  for (const statement of exportStatements) {
    for await (const page of readInPages<ExportLine>(client, statement, [userId])) {
      rows += page.length;
      yield page;
    }
  }
  yield [{ type: 'end', rows }];
}
