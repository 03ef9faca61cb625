/** Everything that is held about the asker ($1), as statements that each read one type of line, in the order of the export. */
import { dialogueColumns } from './dialogue-row.ts';
import { answerProvenanceColumns, provenanceColumns } from './provenance-row.ts';

const rowTimes = `provenance.created_at as "createdAt", provenance.updated_at as "updatedAt"`;

export const exportStatements = [
  // One line, also for somebody without a row.
  `select 'user' as type, asked.id, email, role, created_at as "createdAt"
   from (values ($1::uuid)) as asked (id) left join rag_own_user() own on own.id = asked.id`,
  `select 'dialogue' as type, ${dialogueColumns},
     dialogue.context_window_size as "contextWindowSize",
     dialogue.temperature::float8,
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
] as const;
