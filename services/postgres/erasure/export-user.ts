/** Exports all data stored about a user, as one stream. */
import type { ClientBase, Pool } from 'pg';
import { inSnapshot, readInPages } from '../client/paging.ts';
import { beginAs } from '../client/transaction.ts';
import { answerProvenanceColumns, type ProvenanceRow, provenanceColumns } from '../content/provenance-row.ts';
import { type DialogueRow, dialogueColumns } from '../dialogues/dialogue-row.ts';

const rowTimes = `provenance.created_at as "createdAt", provenance.updated_at as "updatedAt"`;

/** One statement per type of line, in the order of the export. $1 is the user. */
const exportStatements = [
  // Always one line, even without a row.
  `select 'user' as type, requested.id, email, role, created_at as "createdAt"
   from (values ($1::uuid)) as requested (id) left join rag_own_user() own on own.id = requested.id`,
  `select 'dialogue' as type, ${dialogueColumns},
     dialogue.context_window_size as "contextWindowSize",
     dialogue.temperature::float8,
     dialogue.quality,
     dialogue.service, dialogue.release, dialogue.service_tenant as tenant, dialogue.attributed, dialogue.intake,
     judging.attempts as "judgingAttempts",
     judging.claimed_until as "judgingUntil",
     dialogue.updated_at as "updatedAt"
   from ai_dialogue_log dialogue
   left join relevance_judging judging on judging.dialogue_id = dialogue.id
   where dialogue.user_id = $1
   order by dialogue.created_at, dialogue.id`,
  `select 'orphaned_dialogue' as type, dialogue, moved_at as "movedAt" from orphaned_dialogue where user_id = $1`,
  `select 'provenance' as type, ${answerProvenanceColumns}, ${rowTimes}
   from provenance join ai_dialogue_log dialogue on dialogue.id = provenance.dialogue_id
   where dialogue.user_id = $1`,
  `select 'provenance' as type, ${provenanceColumns}, ${rowTimes}
   from rag_own_content() provenance where acquired_by = $1`,
  `select 'idempotency_key' as type, key, request_sha256 as "requestSha256", dialogue_id as "dialogueId",
     created_at as "createdAt"
   from idempotency_key where user_id = $1`,
  `select 'pending_span' as type, trace_id as "traceId", span_id as "spanId", content, received_at as "receivedAt"
   from pending_span
   where (service, group_id) in (select own.service, own.group_id from pending_span own where own.user_id = $1)
   order by received_at, span_id, part`,
] as const;

/** Null in a `user` line: there is no row. */
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
      /** Null: no score was calculated. */
      readonly quality: Readonly<Record<string, { readonly value: number; readonly version: string }>> | null;
      readonly service: string;
      readonly release: string | null;
      readonly tenant: string | null;
      readonly attributed: boolean;
      /** Null: our own turn. */
      readonly intake: Readonly<Record<string, unknown>> | null;
      /** Null: not claimed by a judge. */
      readonly judgingAttempts: number | null;
      readonly judgingUntil: Date | null;
      readonly updatedAt: Date;
    })
  /** The original row of the LMS. */
  | { readonly type: 'orphaned_dialogue'; readonly dialogue: Readonly<Record<string, unknown>>; readonly movedAt: Date }
  | (ProvenanceRow & { readonly type: 'provenance'; readonly createdAt: Date; readonly updatedAt: Date })
  | {
      readonly type: 'idempotency_key';
      readonly key: string;
      readonly requestSha256: string;
      readonly dialogueId: string;
      readonly createdAt: Date;
    }
  /** A span of another application that waits for the rest of its trace. */
  | {
      readonly type: 'pending_span';
      readonly traceId: string;
      readonly spanId: string;
      readonly content: Readonly<Record<string, unknown>>;
      readonly receivedAt: Date;
    }
  /** The last line; without it the export is incomplete. `rows` is the number of lines before it. */
  | { readonly type: 'end'; readonly rows: number };

/**
 * Reads all data about a user from one snapshot, a page of lines at a time. It holds a connection until it ends or is
 * closed (`return`), and needs the memory of one page.
 */
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
