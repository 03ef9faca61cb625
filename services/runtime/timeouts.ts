/** How long a question may take, and what follows from it for a server that ends: the limits that contain one another. */
import type { Config } from '../config.ts';

/** Six steps of a question, each up to 5 s to get a connection and 5 s for each of three round trips. Milliseconds, like all here. */
const otherStagesMs = 120_000;
/** The stages beside model and record, on a database that answers. */
const usualStagesMs = 5_000;
/** Writing the last failures and closing the connections. */
const closeMs = 10_000;
const telemetryMs = 3_000;

export type TimeLimits = {
  /** The slowest question there can be. An Idempotency-Key that is reserved for longer is one whose server died. */
  readonly longestQuestionMs: number;
  /** For whoever is being answered when the server is told to end; the rest is cut off. */
  readonly answersMs: number;
  readonly telemetryMs: number;
  /** Until a program has ended by itself: the answers, what they left to be recorded, and the rest. Then it is killed. */
  readonly drainMs: number;
};

export function timeLimits({ model, recordDeadlineMs }: Pick<Config, 'model' | 'recordDeadlineMs'>): TimeLimits {
  const modelMs = model?.timeoutMs ?? 0;
  const answersMs = modelMs + recordDeadlineMs + usualStagesMs;
  return {
    longestQuestionMs: modelMs + recordDeadlineMs + otherStagesMs,
    answersMs,
    telemetryMs,
    drainMs: answersMs + recordDeadlineMs + closeMs + telemetryMs,
  };
}
