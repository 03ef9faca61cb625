/** Statements of LLM-as-judge scoring: claim answers, store their scores. */
import type { Pool } from 'pg';
import type { Citation } from '../../chat/turn.ts';

type JudgeCandidate = {
  readonly id: string;
  readonly query: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
};

type JudgeClaim = {
  /** 0 to 1. The sample depends on the row's id only, so every worker selects the same rows. */
  readonly sampleRate: number;
  /** Older answers stay unjudged. */
  readonly since: Date;
  readonly limit: number;
  /** Claims per answer before it is given up. */
  readonly maxAttempts: number;
  /** After this time without a score, the answer may be claimed again. */
  readonly claimMs: number;
};

/** Claims sampled answers that have no score and are not claimed by another worker. */
export async function claimJudgeCandidates(pool: Pool, claim: JudgeClaim): Promise<readonly JudgeCandidate[]> {
  const { rows } = await pool.query<JudgeCandidate>({
    name: 'claim-judge-candidates',
    text: `
      with candidate as (
        select dialogue.id
        from ai_dialogue_log dialogue
        left join relevance_judging judging on judging.dialogue_id = dialogue.id
        where dialogue.relevance_score is null
          -- A judgement that is not shown is no reason for another.
          and not coalesce(dialogue.quality ? 'judge', false)
          and dialogue.outcome = 'answered'
          and dialogue.created_at >= $2
          -- The first 32 bits of the id's hash as a number from 0 to 2^32 - 1.
          and ('x' || left(encode(sha256(uuid_send(dialogue.id)), 'hex'), 8))::bit(32)::bigint < $1::float8 * 4294967296
          and (judging.dialogue_id is null or (judging.attempts < $4 and judging.claimed_until < now()))
        order by dialogue.created_at
        limit $3
        -- The lock reads the newest version of the row, so an answer that has just been scored is left out.
        for no key update of dialogue skip locked
      ),
      claimed as (
        insert into relevance_judging (dialogue_id, claimed_until)
        select id, now() + $5::integer * interval '1 millisecond' from candidate
        on conflict (dialogue_id) do update
          set attempts = relevance_judging.attempts + 1, claimed_until = excluded.claimed_until
          where relevance_judging.claimed_until < now()
        returning dialogue_id
      )
      select dialogue.id, dialogue.query, dialogue.response as answer, coalesce(dialogue.citations, '[]') as citations
      from claimed
      join ai_dialogue_log dialogue on dialogue.id = claimed.dialogue_id
      order by dialogue.created_at`,
    values: [claim.sampleRate, claim.since, claim.limit, claim.maxAttempts, claim.claimMs],
  });
  return rows;
}

/** @property value 0 to 1 */
type Judgement = { readonly value: number; readonly version: string };

/**
 * Stores the judgement of an answer that has none, and ends its claim.
 * @param isShown whether it is recorded as the answer's relevance; otherwise it is only compared with votes
 */
export async function writeRelevance(
  pool: Pool,
  dialogueId: string,
  judgement: Judgement,
  isShown: boolean,
): Promise<void> {
  await pool.query({
    name: 'write-relevance',
    text: `
      with claim as (delete from relevance_judging where dialogue_id = $1)
      update ai_dialogue_log
      set
        relevance_score = case when $3 then $2::numeric else relevance_score end,
        quality = coalesce(quality, '{}') || jsonb_build_object('judge', jsonb_build_object('value', $2::numeric, 'version', $4::text))
      where id = $1 and relevance_score is null and not coalesce(quality ? 'judge', false)`,
    values: [dialogueId, judgement.value, isShown, judgement.version],
  });
}
