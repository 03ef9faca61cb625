/** What the worker does of retention and verification: once a day, and told in the log by ids and counts. */
import { randomUUID } from 'node:crypto';
import { describeJobError } from './describe-job-error.ts';
import type { Log } from './log.ts';
import type { Pool } from './postgres/connect.ts';
import { dayOf, startOf } from './rollup/day.ts';
import type { Retry, RunResult } from './rollup/leased-run.ts';
import { runContentRetention, runDialogueRetention } from './wire-retention.ts';
import { runContentVerification } from './wire-verification.ts';

type Given = { readonly pool: Pool; readonly log: Log; readonly retry: Retry; readonly now: () => Date };

/** Called often, it does nothing where any worker has succeeded today. */
export async function removeExpiredContentToday(given: Given, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const result = await runContentRetention(given.pool, given, {
    ...todaysRun(given.now(), signal),
    onRemoved: ({ contentId, contentType, provenanceId, reason, passages }) =>
      log.info({ contentId, contentType, provenanceId, reason, passages }, 'content whose retention ended was removed'),
    onFailed: ({ contentId, contentType, provenanceId }, error) =>
      log.error(
        { contentId, contentType, provenanceId, reason: describeJobError(error) },
        'content whose retention ended could not be removed',
      ),
  });
  logEnd(log, 'content retention', result, (removed) => ({ removed }));
}

/** The same for dialogues older than `days`. */
export async function deleteOldDialoguesToday(given: Given, days: number, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const result = await runDialogueRetention(
    given.pool,
    { ...given, clock: () => performance.now() },
    {
      ...todaysRun(given.now(), signal),
      days,
      onBegin({ heldBackBy }) {
        if (heldBackBy !== null) log.error({ day: heldBackBy }, 'old dialogues are kept: this day was never rolled up');
      },
      onBatch: () => {},
    },
  );
  logEnd(log, 'dialogue retention', result, ({ cutoff, counts }) => ({ before: cutoff.before, ...counts }));
}

/** Contents of a night's verification. */
const verifiedANight = 1_000;

/** Reads the content again that was verified the longest ago, and logs what is no longer what was taken in. */
export async function verifyContentToday(given: Given, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const result = await runContentVerification(given.pool, given, {
    ...todaysRun(given.now(), signal),
    limit: verifiedANight,
    onFound: () => {},
    onVerified({ contentId, contentType, provenanceId }, status) {
      if (status === 'verified' || status === 'no_fetcher') return;
      log.warn({ contentId, contentType, provenanceId, status }, 'content is not known to be what was taken in');
    },
  });
  logEnd(log, 'content verification', result, (verified) => ({ verified }));
}

const todaysRun = (at: Date, signal: AbortSignal) => ({ runId: randomUUID(), since: startOf(dayOf(at)), signal });

function logEnd<Outcome>(
  log: Log,
  job: string,
  result: RunResult<Outcome>,
  told: (outcome: Outcome) => Record<string, unknown>,
): void {
  if (result.state === 'succeeded') log.info({ job, ...told(result.outcome) }, 'a job is done');
  if (result.state === 'failed') log.error({ job, reason: result.error }, 'a job failed');
}
