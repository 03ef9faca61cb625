/** Reads turns of production for a labelled set. */
import type { Pool } from 'pg';
import { licensesThatGrantUse } from '../../provenance/may-use.ts';

export type EvaluationTurn = {
  readonly id: string;
  readonly query: string;
  readonly outcome: 'answered' | 'no_answer';
  /** Null: no vote. */
  readonly vote: -1 | 1 | null;
  /** Null where a cited document may not be shown: removed, expired, restricted to some users, or without licence and permission. */
  readonly answer: string | null;
  /** Excerpts are null under the same conditions. Only valid citations. */
  readonly citations: readonly {
    readonly source: string;
    readonly url: string | null;
    readonly excerpt: string | null;
  }[];
};

/**
 * Newest first. Turns of users whose erasure is in progress are left out.
 * @param votes `all` includes turns without a vote
 * @param commercialUse whether this service is run for commercial advantage
 */
export async function readEvaluationTurns(
  pool: Pool,
  {
    votes,
    since,
    limit,
    commercialUse,
    now,
  }: { votes: 'up' | 'down' | 'all'; since: Date; limit: number; commercialUse: boolean; now: Date },
): Promise<readonly EvaluationTurn[]> {
  const { rows } = await pool.query<EvaluationTurn>({
    name: 'evaluation-turns',
    text: `
      with turn as (
        select id, query, response, outcome, user_feedback, citations, created_at
        from ai_dialogue_log
        where created_at >= $1
          and outcome in ('answered', 'no_answer')
          and case $2 when 'up' then user_feedback = 1 when 'down' then user_feedback = -1 else true end
          and not exists (
            select from erasure_fence fence
            where fence.user_sha256 = sha256(uuid_send(ai_dialogue_log.user_id)) and fence.receipt_id is null
          )
        order by created_at desc
        limit $3
      )
      select
        turn.id, turn.query, turn.outcome, nullif(turn.user_feedback, 0) as vote,
        case when coalesce(bool_and(cited.allowed), true) then turn.response end as answer,
        coalesce(
          json_agg(json_build_object(
            'source', cited.source, 'url', cited.url, 'excerpt', case when cited.allowed then cited.excerpt end
          ) order by cited.place) filter (where cited.valid),
          '[]'
        ) as citations
      from turn
      left join lateral (
        select
          place, citation ->> 'source' as source, citation ->> 'url' as url, citation ->> 'excerpt' as excerpt,
          coalesce(citation -> 'valid', 'true') = 'true' as valid,
          exists (
            select from provenance
            where provenance.content_id::text = citation ->> 'contentId'
              and provenance.content_type <> 'ai_response'
              and provenance.superseded_at is null
              and provenance.removed_at is null
              and (provenance.expires_at is null or provenance.expires_at > $4)
              and (provenance.permission_flag or provenance.license_type = any($5::license_type[]))
              and provenance.access_policy is null
          ) as allowed
        from jsonb_array_elements(case when jsonb_typeof(turn.citations) = 'array' then turn.citations end)
          with ordinality as element(citation, place)
        where jsonb_typeof(citation) = 'object'
      ) as cited on true
      group by turn.id, turn.query, turn.response, turn.outcome, turn.user_feedback, turn.created_at
      order by turn.created_at desc`,
    values: [since, votes, limit, now, licensesThatGrantUse(commercialUse)],
  });
  return rows;
}
