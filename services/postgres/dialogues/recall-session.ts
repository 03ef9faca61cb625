/** Reads the earlier turns of a session as context for a question. */
import type { ClientBase } from 'pg';
import type { Requester } from '../../chat/retrieve.ts';
import type { PastTurn } from '../../chat/turn.ts';
import { licensesThatGrantUse } from '../../provenance/may-use.ts';

type Recalled = {
  readonly requester: Pick<Requester, 'userId' | 'groups' | 'country' | 'ip'>;
  readonly sessionId: string;
  readonly limit: number;
  /** Whether the turns are sent to an external model. */
  readonly remoteModel: boolean;
  readonly commercialUse: boolean;
  readonly now: Date;
};

/** Stands for an answer that may not be used any more. */
const withheldAnswer = '[…]';

/**
 * Reads the last turns of a user's session, oldest first. An answer quotes its sources, so it is withheld if one of them could not be
 * found and sent to the model now: it was removed, has expired or lost its licence, the user may not read it any more, or its
 * owner does not consent. The question remains.
 */
export async function recallSession(client: ClientBase, recalled: Recalled): Promise<readonly PastTurn[]> {
  const { requester, sessionId, limit, remoteModel, commercialUse, now } = recalled;
  const { rows } = await client.query<PastTurn>({
    name: 'recall-session',
    text: `
      select query, case when exists (
        select from jsonb_array_elements(case jsonb_typeof(citations) when 'array' then citations end) as citation
        where citation ->> 'contentId' is not null and not exists (
          select from provenance
          where provenance.content_id = case
              when citation ->> 'contentId' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
              then (citation ->> 'contentId')::uuid
            end
            and provenance.content_type <> 'ai_response'
            and provenance.superseded_at is null
            and provenance.removed_at is null
            and (provenance.expires_at is null or provenance.expires_at > $4)
            and (provenance.external_share_consent or not $5)
            and (provenance.permission_flag or provenance.license_type = any($6::license_type[]))
            and (provenance.access_policy is null or rag_may_read(provenance.access_policy, $7, $8, $9, $4))
            and (provenance.source is null or provenance.source = any((select rag_enabled_sources())::text[]))
        )
      ) then $10 else response end as answer
      from ai_dialogue_log
      where session_id = $2 and user_id = $1 and outcome <> 'chitchat'
      order by created_at desc, id desc
      limit $3`,
    values: [
      requester.userId,
      sessionId,
      limit,
      now,
      remoteModel,
      licensesThatGrantUse(commercialUse),
      requester.groups,
      requester.country,
      requester.ip,
      withheldAnswer,
    ],
  });
  return rows.reverse();
}
