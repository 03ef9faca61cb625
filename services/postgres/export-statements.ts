/** Everything that is held about a user ($1), as statements that each read one type of line, in the order of the export. */
import { dialogueColumns } from './dialogue-row.ts';
import { provenanceColumns } from './provenance-row.ts';

const origin = `${provenanceColumns}, provenance.created_at as "createdAt", provenance.updated_at as "updatedAt"`;

export const exportStatements = [
  // One line, also for somebody without a row. An LMS's table may lack created_at.
  `select 'user' as type, asked.id, email, role, (to_jsonb(users) ->> 'created_at')::timestamptz as "createdAt"
   from (values ($1::uuid)) as asked (id) left join users on users.id = asked.id`,
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
  `select 'provenance' as type, ${origin}
   from provenance join ai_dialogue_log dialogue on dialogue.id = provenance.dialogue_id
   where dialogue.user_id = $1`,
  `select 'provenance' as type, ${origin}
   from provenance where acquired_by = $1 and content_type <> 'ai_response'`,
  `select 'idempotency_key' as type, key, request_sha256 as "requestSha256", dialogue_id as "dialogueId",
     created_at as "createdAt"
   from idempotency_key where user_id = $1`,
] as const;
