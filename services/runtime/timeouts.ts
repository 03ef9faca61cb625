/** How long a question may take, and the shutdown limits that follow from it. All in milliseconds. */
import type { Config } from '../config.ts';

/** Six steps of a question, each up to 5 s for a connection and 5 s for each of three round trips. */
const otherStagesMs = 120_000;
/** All stages but model and record, on a healthy database. */
const usualStagesMs = 5_000;
/** For writing the last failures and closing the connections. */
const closeMs = 10_000;
const telemetryMs = 3_000;

export type TimeLimits = {
  /** The slowest possible question. An Idempotency-Key reserved for longer belongs to a server that died. */
  readonly longestQuestionMs: number;
  /** For answers in flight at shutdown; later ones are cut off, also streams that `LLM_MAX_ANSWER_MS` would let run on. */
  readonly answersMs: number;
  readonly telemetryMs: number;
  /** For a whole program to exit: answers, then their records, then the rest. After that it is killed. */
  readonly drainMs: number;
};

export function timeLimits({ model, recordDeadlineMs }: Pick<Config, 'model' | 'recordDeadlineMs'>): TimeLimits {
  const longestAnswerMs = model?.maxAnswerMs ?? 0;
  const answerBeginsMs = Math.min(model?.timeoutMs ?? 0, longestAnswerMs);
  const answersMs = answerBeginsMs + recordDeadlineMs + usualStagesMs;
  return {
    longestQuestionMs: longestAnswerMs + recordDeadlineMs + otherStagesMs,
    answersMs,
    telemetryMs,
    drainMs: answersMs + recordDeadlineMs + closeMs + telemetryMs,
  };
}
