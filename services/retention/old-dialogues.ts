/** Calculates which dialogues are old enough to delete. */
import { addDays, type Day, dayOf, startOf } from '../rollup/day.ts';

export type Cutoff = {
  /** Dialogues before this instant are deleted. */
  readonly before: Date;
  /** A day that is old enough but has no rollup: it and later days are kept. Null: none. */
  readonly heldBackBy: Day | null;
};

/**
 * Keeps `days` whole days in Asia/Tokyo before today: always at least `days` times 24 hours, and never part of a day,
 * because the rollup works by day.
 * @param firstUnrolled the first day with dialogues but without a row in rag_metrics_history; deleting it would lose
 *   its metrics
 */
export function dialogueCutoff({
  days,
  now,
  firstUnrolled,
}: {
  days: number;
  now: Date;
  firstUnrolled: Day | null;
}): Cutoff {
  const firstKept = addDays(dayOf(now), -days);
  const heldBackBy = firstUnrolled !== null && firstUnrolled < firstKept ? firstUnrolled : null;
  return { before: startOf(heldBackBy ?? firstKept), heldBackBy };
}

/** Rows by table. */
export type DeletedCounts = {
  readonly ai_dialogue_log: number;
  readonly provenance: number;
  readonly relevance_judging: number;
  readonly idempotency_key: number;
};

export const nothingDeleted: DeletedCounts = {
  ai_dialogue_log: 0,
  provenance: 0,
  relevance_judging: 0,
  idempotency_key: 0,
};

export function addCounts(a: DeletedCounts, b: DeletedCounts): DeletedCounts {
  return {
    ai_dialogue_log: a.ai_dialogue_log + b.ai_dialogue_log,
    provenance: a.provenance + b.provenance,
    relevance_judging: a.relevance_judging + b.relevance_judging,
    idempotency_key: a.idempotency_key + b.idempotency_key,
  };
}
